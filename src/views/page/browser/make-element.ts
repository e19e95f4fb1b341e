import type { PageDocument, PageElement } from './browser.ts'

/** Makes an element with these attributes and children; a string is text, whatever is in it. */
export type MakeElement = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly PageChild[]
) => PageElement

/** A list is put in one by one: a call takes some 125,000 arguments, and a namespace may have as many pods. */
export type PageChild = PageElement | string | readonly (PageElement | string)[]

export function createMakeElement(document: PageDocument): MakeElement {
  return (name, attributes, ...children) => {
    const element = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    for (const child of children.flat()) element.append(child)
    return element
  }
}
