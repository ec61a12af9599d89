import { type Dice, hostileJson, hostileTexts, pick } from './hostile-values.ts'

/** A request while it is being spoiled. */
export interface Draft {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer | null
  /** While it is still one; mutations of the text end that. */
  json: { readonly value: unknown } | null
}

export type Mutation = readonly [name: string, weight: number, apply: (draft: Draft, dice: Dice) => void]

/** What can be wrong with a JSON body. None of them fits a request without one. */
export const bodyMutations: readonly Mutation[] = [
  ['body: a value replaced', 24, (draft, dice) => changeJson(draft, dice, hostileJson(dice))],
  ['body: a property added', 8, (draft, dice) => addProperty(draft, dice)],
  ['body: a property left out', 5, (draft, dice) => leavePropertyOut(draft, dice)],
  ['body: something else', 4, (draft, dice) => setText(draft, hostileJson(dice))],
  ['body: cut', 2, (draft, dice) => changeBytes(draft, (bytes) => bytes.subarray(0, dice.between(0, bytes.length)))],
  [
    'body: bytes put in',
    3,
    (draft, dice) => changeBytes(draft, (bytes) => spliced(bytes, dice, pick(dice, strayBytes))),
  ],
  ['body: another encoding', 2, (draft, dice) => changeBytes(draft, (bytes) => pick(dice, encodings)(bytes))],
  ['body: sent twice over', 1, (draft) => changeBytes(draft, (bytes) => Buffer.concat([bytes, bytes]))],
  ['body: none', 1, (draft) => changeBytes(draft, () => Buffer.alloc(0))],
]

const strayBytes = [
  Buffer.from([0x00]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0xc3]),
  Buffer.from('\u2028'),
  Buffer.from(','),
  Buffer.from('"'),
  Buffer.from('\\u12'),
  Buffer.from('\\ud800'),
  Buffer.from('//x\n'),
  Buffer.from('NaN'),
]

const encodings: readonly ((bytes: Buffer) => Buffer)[] = [
  (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
  (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
  (bytes) => Buffer.from(bytes.toString('utf8'), 'latin1'),
  (bytes) => Buffer.from(bytes.toString('base64')),
  (bytes) => Buffer.from(bytes.toString('utf8').replaceAll('"', "'")),
]

function setText(draft: Draft, text: string): void {
  draft.body = Buffer.from(text)
  draft.json = null
}

function changeBytes(draft: Draft, change: (bytes: Buffer) => Buffer): void {
  draft.body = change(draft.body ?? Buffer.alloc(0))
  draft.json = null
}

function spliced(bytes: Buffer, dice: Dice, stray: Buffer): Buffer {
  const at = dice.between(0, bytes.length)
  return Buffer.concat([bytes.subarray(0, at), stray, bytes.subarray(at)])
}

type Place = readonly (string | number)[]

function changeJson(draft: Draft, dice: Dice, text: string): void {
  if (draft.json) changeJsonAt(draft, pick(dice, placesIn(draft.json.value)), text)
}

function addProperty(draft: Draft, dice: Dice): void {
  if (!draft.json) return
  const objects = placesIn(draft.json.value).filter((place) => isObject(valueAt(draft.json?.value, place)))
  if (objects.length === 0) return
  const place = pick(dice, objects)
  const text = JSON.stringify(valueAt(draft.json.value, place))
  const key = JSON.stringify(pick(dice, hostileTexts))
  const comma = text === '{}' ? '' : ','
  changeJsonAt(draft, place, `${text.slice(0, -1)}${comma}${key}:${hostileJson(dice)}}`)
}

/** Puts JSON text in the place of one value; the result is text from then on. */
function changeJsonAt(draft: Draft, place: Place, text: string): void {
  const hole = '\ufdd0hole\ufdd0'
  setText(
    draft,
    JSON.stringify(withValue(draft.json?.value, place, hole)).replace(JSON.stringify(hole), () => text),
  )
}

function leavePropertyOut(draft: Draft, dice: Dice): void {
  if (!draft.json) return
  const inner = placesIn(draft.json.value).filter((place) => place.length > 0)
  if (inner.length === 0) return
  const value = withValue(draft.json.value, pick(dice, inner), undefined)
  draft.body = Buffer.from(JSON.stringify(value))
  draft.json = { value: JSON.parse(draft.body.toString()) as unknown }
}

function placesIn(value: unknown, here: Place = []): Place[] {
  if (Array.isArray(value)) return [here, ...value.flatMap((each, index) => placesIn(each, [...here, index]))]
  if (isObject(value)) return [here, ...Object.entries(value).flatMap(([key, each]) => placesIn(each, [...here, key]))]
  return [here]
}

function valueAt(value: unknown, place: Place): unknown {
  return place.reduce<unknown>((inside, key) => (inside as Record<string | number, unknown>)[key], value)
}

function withValue(value: unknown, [key, ...rest]: Place, replacement: unknown): unknown {
  if (key === undefined) return replacement
  if (Array.isArray(value))
    return value.map((each, index) => (index === key ? withValue(each, rest, replacement) : each))
  const object = value as Record<string, unknown>
  return { ...object, [key]: withValue(object[key], rest, replacement) }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
