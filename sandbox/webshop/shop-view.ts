import type { CustomerFields } from './customer-schema.ts'
import type { ProductFields } from './product-schema.ts'

/** What the rules of one collection may ask about the rest of the shop. */
export interface ShopView {
  /** undefined when there never was one, or it was deleted; so are the other answers. */
  findCustomer(id: string): CustomerFields | undefined
  findProduct(id: string): ProductFields | undefined
  hasOrder(id: string): boolean
  /** An order that names the customer, as who ordered or as department. */
  findOrderOfCustomer(customerId: string): string | undefined
  /** An order that has a line with the product. */
  findOrderOfProduct(productId: string): string | undefined
  /** A new id at every call; one that is not used after all is never given again. */
  nextLineId(): string
  /** The next of the shop's own order numbers; not taken yet. */
  freeOrderNumber(): string
}
