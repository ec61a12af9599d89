/**
 * Positions that no run has seen to hold to what is said of them; docs/switches.md marks them, and `npm test` leaves them out.
 * KOBLING_SWITCHES=each or =groups goes through them as well; one that held leaves this list.
 */
export const notSeenYet: readonly string[] = [
  'patchNullClears ignored',
  'body403 problem',
  'missingPrivileges SalesOrders',
] as const

/** One position of each round of inGroups that was seen to hold: these are the rounds of `npm test`. */
export const seenRounds: readonly string[] = ['responseKeyCasing camel', 'departmentKeyCasing camelOnGetById']
