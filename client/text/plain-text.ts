/** One line for a terminal: what systems hold may contain line breaks, or escape sequences that would move the cursor. */
export function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this takes out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim()
}
