import type { PageData, PageNode, PageState } from '../page-data.ts'
import type { createBoxPane } from './box-pane.ts'
import type { PageDocument, PageElement, PageEvent, PageWindow } from './browser.ts'
import type { createDetailsPane } from './details-pane.ts'
import type { createListPane } from './list-pane.ts'
import type { createMakeElement } from './make-element.ts'
import type { createOverviewPane } from './overview-pane.ts'
import type { createPageFilter, Wanted } from './page-filter.ts'
import type { createPicturePane } from './picture-pane.ts'
import type { createReachIndex } from './reach-index.ts'

/** Handed in, since a function of the page knows its parameters alone. */
export interface PageParts {
  readonly createMakeElement: typeof createMakeElement
  readonly createReachIndex: typeof createReachIndex
  readonly createPageFilter: typeof createPageFilter
  readonly createListPane: typeof createListPane
  readonly createDetailsPane: typeof createDetailsPane
  readonly createOverviewPane: typeof createOverviewPane
  readonly createBoxPane: typeof createBoxPane
  readonly createPicturePane: typeof createPicturePane
}

/** Brings the page to life: what is asked for and what is chosen, and the keys. */
export function runPage(document: PageDocument, window: PageWindow, data: PageData, parts: PageParts): void {
  const place = (id: string): PageElement => {
    const found = document.getElementById(id)
    if (found === null) throw new Error(`the page has no ${id}`)
    return found
  }
  const [search, namespace, direction, port] = [place('search'), place('namespace'), place('direction'), place('port')]
  const [states, result, live, portProblem] = [place('states'), place('result'), place('live'), place('port-problem')]
  const make = parts.createMakeElement(document)
  const index = parts.createReachIndex(data)
  const filter = parts.createPageFilter(data, index)
  const list = parts.createListPane(data, place('list'), make, choose)
  const details = parts.createDetailsPane(data, index, place('answer'), make, choose)
  const overview = parts.createOverviewPane(data, place('answer'), make, (position) => {
    namespace.value = String(position)
    update()
    list.focus()
  })
  const box = parts.createBoxPane(place('answer'), make, choose)
  const picture = parts.createPicturePane(data, place('picture'), choose)
  const byId = new Map(data.nodes.map((node) => [node.id, node]))
  const pressed = new Set<PageState>()
  let answered: string | undefined
  const NARROW = '(max-width: 760px)'

  function wanted(): Wanted {
    return {
      words: search.value,
      namespace: namespace.value === '' ? undefined : Number(namespace.value),
      direction: direction.value as Wanted['direction'],
      port: port.value,
      states: pressed,
    }
  }

  function update(): void {
    const isPort = filter.readPort(port.value) !== 'unreadable'
    portProblem.hidden = isPort
    if (isPort) port.removeAttribute('aria-invalid')
    else port.setAttribute('aria-invalid', 'true')
    const nodes = filter.select(wanted())
    list.show(nodes)
    result.textContent =
      nodes.length === data.nodes.length
        ? `${nodes.length} shown, all`
        : `${nodes.length} of ${data.nodes.length} shown`
    showChosen()
  }

  /** The address of the page says what is chosen, so that it can be linked to and gone back from. */
  function choose(id: string): void {
    window.location.hash = `#${encodeURIComponent(id)}`
    showChosen()
    if (window.matchMedia(NARROW).matches) place('details').scrollIntoView({ block: 'start' })
  }

  function chosenId(): string {
    try {
      return decodeURIComponent(window.location.hash.slice(1))
    } catch {
      return ''
    }
  }

  /** Of a box of the picture that is several nodes; else none. */
  function inBox(id: string): readonly PageNode[] {
    const found = Object.hasOwn(data.boxes ?? {}, id) ? data.boxes?.[id] : undefined
    return (found?.nodes ?? []).flatMap((position) => data.nodes[position] ?? [])
  }

  function showChosen(): void {
    const id = chosenId()
    const node = byId.get(id)
    const nodes = node === undefined ? inBox(id) : []
    const shown = node !== undefined || nodes.length > 0 ? id : undefined
    list.mark(node?.id)
    picture.mark(shown)
    const about = data.denied ? 'who cannot reach whom' : 'who can reach whom'
    document.title = `${shown === undefined ? '' : `${shown}: `}${about}`
    const wantedPort = filter.readPort(port.value)
    const shownPort = wantedPort === 'unreadable' ? undefined : wantedPort
    const question = node === undefined ? (shown ?? '') : JSON.stringify([node.id, direction.value, shownPort])
    // What is there already stays as the reader left it, unfolded or not.
    if (question === answered) return
    answered = question
    if (node !== undefined) live.textContent = details.show(node, wanted().direction, shownPort)
    else if (shown !== undefined) live.textContent = box.show(shown, nodes)
    else {
      overview.show()
      live.textContent = ''
    }
  }

  function press(state: PageState, button: PageElement): void {
    if (!pressed.delete(state)) pressed.add(state)
    button.setAttribute('aria-pressed', String(pressed.has(state)))
  }

  /** First the filters, then what is chosen. */
  function clear(): void {
    const filtered = [search, namespace, port].some(({ value }) => value !== '') || pressed.size > 0
    if (!filtered && direction.value === 'both') window.location.hash = ''
    for (const field of [search, namespace, port]) field.value = ''
    direction.value = 'both'
    pressed.clear()
    for (const button of states.querySelectorAll('button')) button.setAttribute('aria-pressed', 'false')
    update()
  }

  function onKey(event: PageEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape') clear()
    else if (event.key === '/' && !event.target.matches('input, select')) {
      event.preventDefault()
      search.focus()
    } else if (event.target === search && (event.key === 'ArrowDown' || event.key === 'Enter')) {
      event.preventDefault()
      list.focus()
    }
  }

  function onStates({ target }: PageEvent): void {
    const button = target.closest('button')
    const state = button?.getAttribute('data-state')
    if (button === null || state === null) return
    press(state as PageState, button)
    update()
  }

  function switchTheme(): void {
    const isDark =
      document.documentElement.getAttribute('data-theme') ??
      (window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
    const theme = isDark === 'dark' ? 'light' : 'dark'
    document.documentElement.setAttribute('data-theme', theme)
    live.textContent = `${theme} colours`
  }

  for (const [position, name] of data.namespaces.entries()) {
    namespace.append(make('option', { value: String(position) }, name))
  }
  for (const field of [search, port]) field.addEventListener('input', update)
  for (const field of [namespace, direction]) field.addEventListener('change', update)
  states.addEventListener('click', onStates)
  place('theme').addEventListener('click', switchTheme)
  place('skip').addEventListener('click', () => place('details').focus())
  place('back').addEventListener('click', list.focus)
  place('clear').addEventListener('click', clear)
  document.addEventListener('keydown', onKey)
  window.addEventListener('hashchange', showChosen)
  update()
}
