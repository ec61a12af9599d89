// Brønnøysundregistrene: the ninth digit is MOD11 over these weights; a remainder that would need 10 is never given out.
const weights = [3, 2, 7, 6, 5, 4, 3, 2] as const

/** Nine digits with a right check digit; blanks between them are let through, as people type them. */
export function isNorwegianOrganizationNumber(text: string): boolean {
  const digits = text.replaceAll(' ', '')
  if (!/^\d{9}$/.test(digits)) return false
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)
  return (11 - (sum % 11)) % 11 === Number(digits[8])
}
