/** The part of a browser that the page uses. Nothing here takes markup, so no text can become any. */
export interface PageElement {
  textContent: string | null
  value: string
  hidden: boolean
  tabIndex: number
  readonly id: string
  append(...children: readonly (PageElement | string)[]): void
  replaceChildren(...children: readonly (PageElement | string)[]): void
  setAttribute(name: string, value: string): void
  getAttribute(name: string): string | null
  removeAttribute(name: string): void
  matches(selector: string): boolean
  closest(selector: string): PageElement | null
  querySelectorAll(selector: string): Iterable<PageElement>
  addEventListener(type: string, listener: (event: PageEvent) => void): void
  readonly classList: { toggle(name: string, on: boolean): void }
  focus(options?: { readonly preventScroll?: boolean }): void
  scrollIntoView(options?: { readonly block: 'nearest' | 'start' }): void
}

export interface PageEvent {
  readonly target: PageElement
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  preventDefault(): void
}

export interface PageDocument {
  readonly documentElement: PageElement
  readonly activeElement: PageElement | null
  title: string
  createElement(name: string): PageElement
  getElementById(id: string): PageElement | null
  addEventListener(type: string, listener: (event: PageEvent) => void): void
}

export interface PageWindow {
  readonly location: { hash: string }
  addEventListener(type: string, listener: () => void): void
  matchMedia(query: string): { readonly matches: boolean }
}
