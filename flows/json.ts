/** What may cross a payload: no Date, Map, Set, class instance or undefined. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }
