// Asks for the page again every second and puts in what has changed. Without it the pages work as well, by reloading.

const refreshEveryMs = 1000
const toastForMs = 5000
/** The server's text of what stands in the page: what a person does there (an open form) is not mistaken for news. */
const served = new WeakMap()
let tag = null
let refreshing = false
let wanted = false

function start() {
  for (const element of document.querySelectorAll('[data-live]')) remember(element)
  decorate(document)
  setInterval(tick, refreshEveryMs)
  document.addEventListener('visibilitychange', tick)
  document.addEventListener('submit', (event) => void onSubmit(event))
  document.addEventListener('click', (event) => void onClick(event))
  document.addEventListener('keydown', onKey)
  document.addEventListener('input', onSearch)
  document.addEventListener('change', onSearch)
}

function tick() {
  if (document.visibilityState !== 'visible') return
  for (const time of document.querySelectorAll('time[data-at]')) time.textContent = timeAgo(Number(time.dataset.at))
  void refresh()
}

async function refresh() {
  if (refreshing) {
    wanted = true
    return
  }
  refreshing = true
  try {
    const response = await fetch(location.href, {
      headers: tag === null ? {} : { 'if-none-match': tag },
      cache: 'no-store',
    })
    showOffline(false)
    if (response.status === 200) {
      tag = response.headers.get('etag')
      takeIn(new DOMParser().parseFromString(await response.text(), 'text/html'))
    }
  } catch {
    showOffline(true)
  } finally {
    refreshing = false
    if (wanted) {
      wanted = false
      void refresh()
    }
  }
}

function takeIn(fresh) {
  for (const next of fresh.querySelectorAll('[data-live]')) {
    // A row of a list is taken in with its list, which knows its place.
    if (next.parentElement?.closest('[data-list]')) continue
    const present = document.getElementById(next.id)
    if (present !== null) update(present, next)
  }
}

function update(present, next) {
  if (served.get(present) === next.outerHTML) return
  if ('list' in next.dataset) {
    updateList(present, next)
    served.set(present, next.outerHTML)
    return
  }
  if (isBusy(present)) return
  const html = next.outerHTML
  const placed = document.importNode(next, true)
  for (const details of present.querySelectorAll('details[id]')) {
    const same = placed.querySelector(`#${CSS.escape(details.id)}`)
    if (same !== null) same.open = details.open
  }
  present.replaceWith(placed)
  served.set(placed, html)
  decorate(placed)
}

function updateList(present, next) {
  const ids = new Set([...next.children].map((child) => child.id))
  for (const child of [...present.children]) if (!ids.has(child.id) && !isBusy(child)) child.remove()
  let before = present.firstElementChild
  for (const row of [...next.children]) {
    const same = document.getElementById(row.id)
    if (same === null || same.parentElement !== present) {
      const placed = document.importNode(row, true)
      served.set(placed, row.outerHTML)
      present.insertBefore(placed, before)
      decorate(placed)
      continue
    }
    if (same === before) before = before.nextElementSibling
    else present.insertBefore(same, before)
    update(same, row)
  }
}

/** Somebody is typing there. */
function isBusy(element) {
  if (element.querySelector('[data-editor]') !== null) return true
  const active = document.activeElement
  return active !== null && element.contains(active) && active.matches('input, select, textarea')
}

function remember(element) {
  served.set(element, element.outerHTML)
}

function decorate(root) {
  for (const time of root.querySelectorAll('time[data-at]')) time.textContent = timeAgo(Number(time.dataset.at))
  for (const mark of root.querySelectorAll('.moved[data-at], .just[data-at]')) {
    // The mark is as old as the movement, not as this element.
    mark.style.animationDelay = `${Number(mark.dataset.at) - Date.now()}ms`
  }
}

function timeAgo(at) {
  const ms = Date.now() - at
  if (ms < 1000) return 'just now'
  const units = [
    [86400000, 'd'],
    [3600000, 'h'],
    [60000, 'min'],
    [1000, 's'],
  ]
  const [size, name] = units.find(([unit]) => ms >= unit)
  return `${Math.floor(ms / size)} ${name} ago`
}

async function onSubmit(event) {
  const form = event.target
  if (!('quiet' in form.dataset) && !('editor' in form.dataset)) return
  event.preventDefault()
  const body = new URLSearchParams(new FormData(form, event.submitter))
  const buttons = form.querySelectorAll('button')
  for (const button of buttons) button.disabled = true
  try {
    const response = await fetch(form.action, { method: 'POST', body, headers: { 'x-quiet': '1' } })
    const sentence = await response.text()
    if (!response.ok) return refuse(form, sentence)
    closeEditor(form)
    toast(sentence, false)
    tag = null
    await refresh()
  } catch {
    refuse(form, 'The console does not answer.')
  } finally {
    for (const button of buttons) button.disabled = false
  }
}

function refuse(form, sentence) {
  const place = form.querySelector('.refusal')
  if (place === null) return toast(sentence, true)
  place.textContent = sentence
  place.hidden = false
}

async function onClick(event) {
  const link = event.target.closest('a')
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  if ('cancel' in link.dataset && link.closest('[data-editor]')?.closest('dd, td')) {
    event.preventDefault()
    closeEditor(link.closest('[data-editor]'))
  }
  if (!('edit' in link.dataset)) return
  event.preventDefault()
  const response = await fetch(link.href, { headers: { 'x-quiet': '1' } }).catch(() => null)
  if (response === null) return toast('The console does not answer.', true)
  const text = await response.text()
  if (!response.ok) return toast(text, true)
  const form = new DOMParser().parseFromString(text, 'text/html').querySelector('form')
  if (form === null || !link.isConnected) return
  link.hidden = true
  link.after(document.importNode(form, true))
  link.closest('dl > div')?.classList.add('editing')
  const first = link.nextElementSibling.querySelector('input:not([type=hidden]), select')
  first?.focus()
  if (first instanceof HTMLInputElement) first.select()
}

function onKey(event) {
  if (event.key !== 'Escape') return
  // Where the focus is may be nowhere: a button that was pressed is disabled while its order is under way.
  const form = event.target.closest?.('[data-editor]') ?? document.querySelector('dd [data-editor], td [data-editor]')
  if (form !== null) closeEditor(form)
}

/** Back to the value; on its own page there is none to go back to. */
function closeEditor(form) {
  const link = form?.previousElementSibling
  if (form === null || link === null || link === undefined || !link.matches('a[data-edit]')) return
  link.hidden = false
  link.closest('dl > div')?.classList.remove('editing')
  form.remove()
  link.focus()
}

let searching
function onSearch(event) {
  const form = event.target.closest?.('[data-search]')
  if (form === null || form === undefined) return
  clearTimeout(searching)
  searching = setTimeout(() => {
    const query = new URLSearchParams(new FormData(form))
    history.replaceState(null, '', `${new URL(form.action).pathname}?${query}`)
    tag = null
    void refresh()
  }, 200)
}

let hiding
function toast(sentence, bad) {
  const place = document.getElementById('toast')
  if (place === null) return
  place.textContent = sentence
  place.className = bad ? 'shown bad' : 'shown'
  clearTimeout(hiding)
  hiding = setTimeout(() => {
    place.className = ''
  }, toastForMs)
}

function showOffline(off) {
  const place = document.getElementById('offline')
  if (place !== null) place.hidden = !off
}

start()
