import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** CHROMIUM_PATH, or the first that is on PATH; undefined where no Chromium is installed. */
export const chromiumPath = [
  process.env['CHROMIUM_PATH'] ?? '',
  ...names.flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name))),
].find(isExecutable)

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? '', args: flags })
}

/** Types into inputs, chooses and ticks, by the labels that people read. `yes` and empty tick and untick a box. */
export async function fill(within: Page | Locator, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    const input = within.getByLabel(label, { exact: true })
    const kind = await input.evaluate((element) => (element as { type?: string }).type ?? '')
    if (kind === 'checkbox') await input.setChecked(value === 'yes')
    else if (kind === 'select-one') await input.selectOption({ label: value })
    else await input.fill(value)
  }
}

/** Clicks a button or a link that looks like one, and waits for the page that it leads to. */
export function press(page: Page, name: string): Promise<void> {
  const target = page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true }))
  return arrive(page, () => target.first().click())
}

/** Does what leads to another page, and waits for it. */
export async function arrive(page: Page, act: () => Promise<unknown>): Promise<void> {
  const arrived = page.waitForEvent('domcontentloaded')
  await act()
  await arrived
}

/** The two clicks of what cannot be undone. */
export async function pressTwice(page: Page, first: string, second: string): Promise<void> {
  await page.locator('summary', { hasText: first }).click()
  await press(page, second)
}

/** What is said beside an input. */
export async function errorOf(page: Page, label: string): Promise<string | null> {
  const input = page.getByLabel(label, { exact: true })
  const ids = ((await input.getAttribute('aria-describedby')) ?? '').split(' ').filter((id) => id.endsWith('-error'))
  return ids.length === 0 ? null : page.locator(`#${ids[0]}`).textContent()
}

/** Labels missing, titles empty: what a person who cannot see the page would stumble over. Empty when all is well. */
export async function obstacles(page: Page): Promise<string[]> {
  const unlabelled = await page.locator('input:not([type=hidden]), select, textarea').evaluateAll((inputs) =>
    inputs
      .map((input) => input as unknown as { name: string; labels: ArrayLike<unknown>; ariaLabel: string | null })
      .filter(({ labels, ariaLabel }) => labels.length === 0 && !ariaLabel)
      .map(({ name }) => `${name} has no label`),
  )
  const headings = await page.locator('h1').allTextContents()
  const title = await page.title()
  const untitled =
    headings.length === 1 && title.startsWith(`${headings[0]} · `) ? [] : [`${title} is not ${headings.join()}`]
  return [...unlabelled, ...untitled]
}

function isExecutable(path: string): boolean {
  if (path === '') return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
