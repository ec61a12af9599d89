import { check, checkStatus } from '../checks.ts'
import { isJson, type Json, pathOf, type ShopRecord } from '../collections.ts'
import type { Rule } from '../rule.ts'
import { plainFields } from '../samples.ts'
import { etagVersion } from '../world.ts'
import { patched } from './patching.ts'
import { hasType } from './problems.ts'

export const versionRules: readonly Rule[] = [
  {
    id: 'versions.move',
    level: 2,
    title: 'A PATCH that changes something moves version, ETag and changedAt',
    why: 'The next write would be refused, or would overwrite somebody’s edit unseen.',
    hint: 'Answer the record as it is after the write, with its new version, in the body and as ETag.',
    needs: ['updates'],
    run: async (world) => {
      for (const before of await world.editables()) {
        const answer = await world.shop.patch(pathOf(before.collection, before.id), before.version, edit(before))
        checkStatus(answer, 200, 'the record after the write')
        const after = isJson(answer.json) ? answer.json : {}
        check(after['version'] !== before.json['version'], `another version than ${before.version}`, answer)
        check(etagVersion(answer) === String(after['version']), `ETag: "${String(after['version'])}"`, answer)
        check(
          after['changedAt'] !== before.json['changedAt'],
          `a later changedAt than ${String(before.json['changedAt'])}`,
          answer,
        )
        const now = await world.shop.get(pathOf(before.collection, before.id))
        const read = isJson(now.json) ? now.json['version'] : undefined
        check(read === after['version'], `version ${String(after['version'])}, as the PATCH answered`, now)
      }
    },
  },
  {
    id: 'versions.no-change',
    level: 2,
    title: 'A PATCH that changes nothing moves neither version nor changedAt',
    why: 'Every such write would come back as somebody’s change, and the two systems would talk for ever.',
    hint: 'Compare before you write.',
    needs: ['updates'],
    run: async (world) => {
      for (const record of await world.editables()) {
        const before = await patched(world, record, edit(record))
        const after = await patched(world, before, edit(record))
        const isSame = after.version === before.version && after.json['changedAt'] === before.json['changedAt']
        const answer = await world.shop.get(pathOf(record.collection, record.id))
        check(isSame, `version ${before.version} and changedAt ${String(before.json['changedAt'])} still`, answer)
      }
    },
  },
  {
    id: 'versions.stale',
    level: 2,
    title: 'A PATCH at a version that has passed is answered 412, and changes nothing',
    why: 'An edit that somebody made in the shop a second ago would be overwritten and lost.',
    hint: 'Compare If-Match and write in one transaction.',
    needs: ['updates'],
    run: async (world) => {
      for (const before of await world.editables()) {
        const now = await patched(world, before, edit(before))
        // A shop whose versions never move is the concern of versions.move.
        const passed = now.version === before.version ? 'kobling-conformance-passed' : before.version
        const [, other] = plainFields[before.collection]
        const patch: Json = other ? { [other[0]]: other[2] } : {}
        const answer = await world.shop.patch(pathOf(before.collection, before.id), passed, patch)
        checkStatus(answer, 412, 'the record has changed since that version')
        const after = await world.read(before)
        check(after.version === now.version, `version ${now.version} still: a refused PATCH changes nothing`, answer)
      }
    },
  },
  {
    id: 'versions.required',
    level: 2,
    title: 'A PATCH without If-Match is answered 428',
    why: 'A client that forgets it would overwrite edits without ever knowing.',
    hint: '428, with a problem whose type ends in if-match-required.',
    needs: ['updates'],
    run: async (world) => {
      for (const record of await world.editables()) {
        const answer = await world.shop.patch(pathOf(record.collection, record.id), null, edit(record))
        checkStatus(answer, 428, 'If-Match is required')
      }
    },
  },
  {
    id: 'versions.unknown-id',
    level: 2,
    title: 'A PATCH of a record that never existed is answered 404',
    why: 'The sync must learn that its link leads nowhere.',
    hint: 'Look for the record before you compare versions.',
    needs: ['updates'],
    run: async (world) => {
      for (const { collection } of await world.editables()) {
        const answer = await world.shop.patch(pathOf(collection, 'kobling-conformance-none'), 'any', {})
        checkStatus(answer, 404, 'there is no such record')
      }
    },
  },
  {
    id: 'versions.media-type',
    level: 2,
    title: 'A PATCH of another content type than application/merge-patch+json is answered 415',
    why: 'A JSON Patch taken for a merge patch would write nonsense.',
    hint: '415, with a problem whose type ends in unsupported-media-type.',
    needs: ['updates'],
    run: async (world) => {
      for (const record of await world.editables()) {
        const headers = { 'content-type': 'application/json-patch+json' }
        const path = pathOf(record.collection, record.id)
        const answer = await world.shop.patch(path, record.version, [], { headers })
        checkStatus(answer, 415, 'this is no merge patch')
        check(hasType(answer, 'unsupported-media-type'), 'a type that ends in unsupported-media-type', answer)
      }
    },
  },
]

function edit({ collection }: ShopRecord): Json {
  const [field] = plainFields[collection]
  return field ? { [field[0]]: field[1] } : {}
}
