import { html } from 'hono/html'
import type { CustomerDto } from './customers/dto.ts'
import type { SandboxState } from './sandbox-state.ts'

const rowsShown = 200

type Html = ReturnType<typeof html>

/** What somebody in the ERP would see: the newest edits first, found by any part of name, number, e-mail or organisation number. */
export function customersPage(state: SandboxState, search: string): Html {
  const wanted = search.trim()
  const found = state.customers
    .list({ where: [], orderBy: 'changed DESC, id DESC', limit: Number.MAX_SAFE_INTEGER, offset: 0 })
    .map((json) => JSON.parse(json) as CustomerDto)
    .filter((customer) => isFoundBy(customer, wanted))
  const customers = found.slice(0, rowsShown)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>PowerOffice Go sandbox: customers</title>
        <style>
          body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #1d2733; }
          h1 { font-size: 1.4rem; margin: 0; }
          form { margin: 1rem 0; display: flex; gap: 0.5rem; }
          input { flex: 0 1 24rem; }
          input, button { font: inherit; padding: 0.35rem 0.6rem; }
          .scroll { overflow-x: auto; }
          table { border-collapse: collapse; width: 100%; }
          th, td { text-align: left; padding: 0.35rem 0.6rem; border-bottom: 1px solid #dde3ea; white-space: nowrap; }
          th { background: #f3f6f9; }
          td.number { font-variant-numeric: tabular-nums; }
          .muted { color: #67778a; }
        </style>
      </head>
      <body>
        <h1>PowerOffice Go sandbox</h1>
        <p class="muted">Customers as the ERP has them. The API is under <code>/v2</code>, the switches under <code>/sandbox/settings</code>.</p>
        <form method="get" action="/">
          <input type="search" name="q" value="${wanted}" aria-label="Search customers" placeholder="Name, number, e-mail, organisation number" />
          <button type="submit">Search</button>
        </form>
        <p>${countSentence(found.length, customers.length)}</p>
        ${customers.length === 0 ? '' : customersTable(customers)}
      </body>
    </html>`
}

function customersTable(customers: readonly CustomerDto[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr><th>Id</th><th>Number</th><th>Name</th><th>E-mail</th><th>Org. no.</th><th>Place</th><th>Changed</th></tr>
      </thead>
      <tbody>
        ${customers.map(
          (customer) => html`<tr>
            <td class="number muted">${customer.Id}</td>
            <td class="number">${customer.Number ?? ''}</td>
            <td>${customer.Name ?? ''}${customer.IsArchived ? html` <span class="muted">(archived)</span>` : ''}</td>
            <td>${customer.EmailAddress ?? ''}</td>
            <td class="number">${customer.OrganizationNumber ?? ''}</td>
            <td>${customer.MailAddress?.City ?? ''}</td>
            <td class="number muted">${customer.LastChangedDateTimeOffset.slice(0, 19).replace('T', ' ')}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function countSentence(total: number, shown: number): string {
  if (total === 0) return 'No customers found.'
  return shown < total ? `${total} customers, the ${shown} changed last are shown.` : `${total} customers.`
}

// Here and not in SQL: SQLite's lower() knows ASCII only, and somebody will look for ørsta.
function isFoundBy(customer: CustomerDto, wanted: string): boolean {
  const { Name: name, Number: number, EmailAddress: email, OrganizationNumber: organizationNumber } = customer
  const searched = [name, number, email, organizationNumber].map((text) => String(text ?? '').toLowerCase())
  return searched.some((text) => text.includes(wanted.toLowerCase()))
}
