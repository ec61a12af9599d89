import { check, checkStatus } from '../checks.ts'
import { pathOf } from '../collections.ts'
import { decimalIn, isRounded, isSameDecimal } from '../decimal.ts'
import type { Rule } from '../rule.ts'
import { created } from '../world.ts'
import { patched } from './patching.ts'

/** Shows every way of rounding: at any number of decimals, half-up differs from cutting off and from rounding to even. */
const awkward = ['1234.565655', '0.105', '450359962737.99', '-0.055555']
/** Prices have two decimals everywhere. */
const fewest = 2

export const decimalRules: readonly Rule[] = [
  {
    id: 'decimals.exact',
    level: 3,
    title: 'Decimals come back as they were written; a shop that keeps fewer decimals rounds them half-up',
    why: 'A price that the shop rounds in its own way looks like an edit, and wanders off by an øre at a time.',
    hint: 'A decimal column and decimal arithmetic; never a float.',
    needs: ['products.create'],
    run: async (world) => {
      for (const priceExVat of awkward) {
        const product = await world.make('products', { priceExVat })
        const now = await world.shop.get(pathOf('products', product.id))
        const stored = product.json['priceExVat']
        check(isRounded(stored, priceExVat, fewest), `"priceExVat": "${priceExVat}", or rounded half-up`, now)
        if (!isSameDecimal(stored, priceExVat)) world.note(`keeps ${priceExVat} as ${String(stored)}`)
        if (typeof stored === 'number') world.note('shows decimals as JSON numbers, where the contract has text')
      }
    },
  },
  {
    id: 'decimals.numbers',
    level: 3,
    title: 'Decimals are also taken as JSON numbers',
    why: 'A reader accepts both, so that either side may be the one that cannot write text.',
    hint: 'Take "499.00" and 499 alike.',
    needs: ['products.create'],
    run: async (world) => {
      const body = { ...(await world.bodyOf('products')), priceExVat: 499.5, vatRate: 25 }
      const answer = await world.shop.post(pathOf('products'), body)
      checkStatus(answer, 201, 'numbers are decimals too')
      const { json } = await world.read({ collection: 'products', id: created(answer, 'products').id })
      check(isSameDecimal(json['priceExVat'], '499.5'), 'priceExVat 499.5', answer)
      check(isSameDecimal(json['vatRate'], '25'), 'vatRate 25', answer)
    },
  },
  {
    id: 'decimals.same-number',
    level: 3,
    title: 'The same number in another spelling changes nothing',
    why: '"499" written over "499.00" would come back as an edit of the shop.',
    hint: 'Compare as numbers before you write.',
    needs: ['products.create', 'products.update'],
    run: async (world) => {
      const product = await world.make('products', { priceExVat: '499.00' })
      const after = await patched(world, product, { priceExVat: '499' })
      const now = await world.shop.get(pathOf('products', product.id))
      check(isSameDecimal(after.json['priceExVat'], '499'), 'priceExVat 499', now)
      check(after.version === product.version, `version ${product.version} still`, now)
    },
  },
  {
    id: 'decimals.no-price',
    level: 3,
    title: 'No price is not a price of 0',
    why: 'A product without a price would be sold for nothing.',
    hint: 'Store null as null.',
    needs: ['products.create'],
    run: async (world) => {
      const free = await world.make('products', { priceExVat: '0' })
      const without = await world.make('products', { priceExVat: null })
      check(
        isSameDecimal(free.json['priceExVat'], '0'),
        'priceExVat 0',
        await world.shop.get(pathOf('products', free.id)),
      )
      const now = await world.shop.get(pathOf('products', without.id))
      check(decimalIn(without.json['priceExVat']) === null, '"priceExVat": null', now)
    },
  },
]
