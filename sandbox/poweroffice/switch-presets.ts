/** Sets of switches by name: `{"preset": "worstCase"}`, in the environment and at the admin endpoint alike; checked where they are taken. */
export const switchPresets: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  /**
   * As many unfriendly answers as may occur together. With listOrder shuffled, paging is sound on one page or with an OrderBy only.
   * A reset after the commit is a fault, planned beside it.
   */
  worstCase: {
    responseKeyCasing: 'camelNested',
    errorKeyCasing: 'pascal',
    dateOnlyFields: 'withTime',
    timestampFraction: 'trimmed',
    extraProperties: 'on',
    pagePastEnd: '200',
    xPaginationContent: 'absent',
    listOrder: 'shuffled',
    laterFilters: 'ignored',
    lateVisibility: 2_000,
    equalTimestamps: 'on',
    productCodeUnique: 'duplicates',
    departmentCodeUnique: 'duplicates',
    emptyStringOptional: '400',
    lineWriteMovesOrder: 'no',
    confirmedOrderEdit: '409',
    duplicateOrderReference: '409',
    getOrderAfterInvoicing: 'both404',
    afterInvoicingMs: 2_000,
    patchOps: 'replaceOnly',
    patchNestedPaths: '400',
    retryAfter: 'notSent',
    throttleBody: 'empty',
    body401: 'problem',
    tokenLifetime: 5,
    latencyMs: 5,
    latencyJitterMs: 40,
  },
}
