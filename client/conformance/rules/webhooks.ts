import { check, NotChecked } from '../checks.ts'
import { isJson, type Json, pathOf, type ShopRecord } from '../collections.ts'
import type { Rule } from '../rule.ts'
import { plainFields } from '../samples.ts'
import { type Delivery, recordIdOf, type WebhookListener } from '../webhook-listener.ts'
import type { World } from '../world.ts'
import { patched } from './patching.ts'

export const webhookRules: readonly Rule[] = [
  {
    id: 'webhooks.announced',
    level: 'any',
    title: 'Each write is announced: "<record>.changed", with the id and the version of the record',
    why: 'Without it changes arrive with the next poll: correct, and half a minute late.',
    hint: 'Announce the sync’s own writes too; the body is in section 7 of docs/webshop-contract.md.',
    needs: ['writes', 'webhooks'],
    run: async (world) => {
      for (const record of await written(world)) {
        const type = `${record.collection.slice(0, -1)}.changed`
        const about = await deliveriesOf(world, record, (body) => body['type'] === type)
        check(
          about.length > 0,
          `a webhook of type ${type} for ${record.id} within ${world.patience.webhookMs / 1000} s`,
          null,
        )
        const isExact = (body: Json) => isJson(body['data']) && body['data']['version'] === record.version
        const exact = await deliveriesOf(world, record, (body) => body['type'] === type && isExact(body))
        check(exact.length > 0, `one that names version ${record.version} of ${record.id}`, null)
        check(
          exact.every(({ body }) => !Number.isNaN(Date.parse(String(body?.['timestamp'])))),
          '`timestamp`, a time',
          null,
        )
      }
    },
  },
  {
    id: 'webhooks.signature',
    level: 'any',
    title: 'Webhooks are signed as Standard Webhooks says: webhook-id, webhook-timestamp, webhook-signature',
    why: 'An unsigned one is refused: anybody could send it.',
    hint: 'HMAC-SHA256 over `id.timestamp.body`, keyed with what stands after whsec_ (base64); check the secret on both sides, and the shop’s clock.',
    needs: ['writes', 'webhooks'],
    run: async (world) => {
      const record = await oneWritten(world)
      const about = await deliveriesOf(world, record, () => true)
      if (about.length === 0) throw new NotChecked('no webhook came to look at')
      check(
        about.every(({ id }) => id !== ''),
        'a header webhook-id',
        null,
      )
      check(
        about.every(({ isSigned }) => isSigned),
        'a signature that fits the body, the time and the secret that was given',
        null,
      )
    },
  },
  {
    id: 'webhooks.retried',
    level: 'any',
    title: 'A webhook that is not answered with 2xx is sent again, under the same webhook-id',
    why: 'A worker that restarts would miss it; under another id it would count twice.',
    hint: 'Some further attempts with growing pauses; the id belongs to the event, not to the attempt.',
    needs: ['writes', 'webhooks'],
    run: async (world) => {
      const hooks = hooksOf(world)
      const [collection = 'customers'] = world.creatable()
      const existing = world.creatable().length > 0 ? await world.make(collection) : await oneEditable(world)
      await deliveriesOf(world, existing, () => true)
      hooks.refuseFor(existing.id)
      try {
        const record = world.declared[existing.collection].update
          ? await patched(world, existing, edit(existing))
          : await world.make(collection)
        hooks.refuseFor(record.id)
        const refused = () =>
          hooks.deliveries.filter(({ body, status }) => recordIdOf(body) === record.id && status === 503)
        if (!(await hooks.until(() => refused().length > 0, world.patience.webhookMs))) {
          throw new NotChecked('no webhook came that could have been refused')
        }
        const { id } = refused()[0] as Delivery
        hooks.acceptAgain()
        const isRepeated = () => hooks.deliveries.some((delivery) => delivery.id === id && delivery.status === 204)
        const again = await hooks.until(isRepeated, world.patience.retryMs)
        check(
          again,
          `the webhook ${id} again within ${world.patience.retryMs / 1000} s after it was answered 503`,
          null,
        )
      } finally {
        hooks.acceptAgain()
      }
    },
  },
  {
    id: 'webhooks.deleted',
    level: 'any',
    title: 'A deletion is announced as "<record>.deleted"',
    why: 'Without it a deletion arrives with the next poll.',
    hint: 'The version is the tombstone’s.',
    needs: ['customers.create', 'customers.delete', 'webhooks'],
    run: async (world) => {
      const customer = await world.make('customers')
      await world.shop.remove(pathOf('customers', customer.id), customer.version)
      const about = await deliveriesOf(world, customer, (body) => body['type'] === 'customer.deleted')
      check(about.length > 0, `a webhook of type customer.deleted for ${customer.id}`, null)
    },
  },
  {
    id: 'webhooks.quiet',
    level: 'any',
    title: 'A write that changes nothing announces nothing',
    why: 'The two systems would wake each other for ever.',
    hint: 'Announce what was stored, not what was asked for.',
    needs: ['updates', 'webhooks'],
    run: async (world) => {
      const hooks = hooksOf(world)
      const record = await oneEditable(world)
      const before = await patched(world, record, edit(record))
      await deliveriesOf(world, before, (body) => versionOf(body) === before.version)
      const count = () => hooks.deliveries.filter(({ body }) => recordIdOf(body) === record.id).length
      const soFar = count()
      const same = await patched(world, before, edit(record))
      if (same.version !== before.version) throw new NotChecked('the version moved: versions.no-change says so')
      // A later write whose webhook comes: by then one for the write before it would have come as well.
      const other = await oneWritten(world, record.id)
      await deliveriesOf(world, other, () => true)
      check(count() === soFar, `no webhook for ${record.id}, and ${count() - soFar} came`, null)
    },
  },
]

function hooksOf({ hooks }: World): WebhookListener {
  if (hooks) return hooks
  throw new NotChecked('nothing listens for webhooks')
}

/** @throws NotChecked when the shop's webhooks go somewhere else, as far as can be seen */
async function deliveriesOf(world: World, { id }: ShopRecord, holds: (body: Json) => boolean): Promise<Delivery[]> {
  const hooks = hooksOf(world)
  const found = () =>
    hooks.deliveries.filter(({ body }) => body !== undefined && recordIdOf(body) === id && holds(body))
  await hooks.until(() => found().length > 0, world.patience.webhookMs)
  if (hooks.deliveries.length === 0) {
    throw new NotChecked(
      `no webhook came at all to ${hooks.address}: let the shop’s webhooks go there, and run it again`,
    )
  }
  return found()
}

const versionOf = (body: Json) => (isJson(body['data']) ? body['data']['version'] : undefined)

async function written(world: World): Promise<readonly ShopRecord[]> {
  const made: ShopRecord[] = []
  for (const collection of world.creatable()) made.push(await world.make(collection))
  if (made.length > 0) return made
  const edited: ShopRecord[] = []
  for (const record of await world.editables()) edited.push(await patched(world, record, edit(record)))
  return edited
}

async function oneWritten(world: World, butNot?: string): Promise<ShopRecord> {
  const [collection] = world.creatable()
  if (collection !== undefined) return world.make(collection)
  const record = (await world.editables()).find(({ id }) => id !== butNot)
  if (!record) throw new NotChecked('it takes a second record that the kit may edit')
  return patched(world, record, edit(record))
}

async function oneEditable(world: World): Promise<ShopRecord> {
  const [record] = await world.editables()
  if (record) return record
  throw new NotChecked('there is no record that the kit may edit')
}

function edit({ collection }: ShopRecord): Json {
  const [field] = plainFields[collection]
  return field ? { [field[0]]: field[1] } : {}
}
