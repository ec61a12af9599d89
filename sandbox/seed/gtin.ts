/** GS1: from the right, digits weigh 3 and 1 in turn; the check digit fills the sum up to a whole ten. */
export function gtinCheckDigit(digitsBefore: string): number {
  const sum = [...digitsBefore]
    .reverse()
    .reduce((total, digit, place) => total + Number(digit) * (place % 2 ? 1 : 3), 0)
  return (10 - (sum % 10)) % 10
}

export function withCheckDigit(digitsBefore: string): string {
  return `${digitsBefore}${gtinCheckDigit(digitsBefore)}`
}
