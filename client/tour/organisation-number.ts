const weights = [3, 2, 7, 6, 5, 4, 3, 2]

/**
 * A valid organisation number made of these digits: the ninth is a check digit (modulus 11). Eight digits without one
 * (where it would be 10) are counted up.
 */
export function validOrganisationNumber(text: string): string {
  const digits = text.replace(/\D/g, '').padEnd(8, '0').slice(0, 8)
  for (let first = Number(digits); ; first = (first + 1) % 100_000_000) {
    const eight = String(first).padStart(8, '0')
    const check = checkDigit(eight)
    if (check !== undefined) return `${eight}${check}`
  }
}

function checkDigit(eight: string): number | undefined {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(eight[index]), 0)
  const check = (11 - (sum % 11)) % 11
  return check === 10 ? undefined : check
}
