import type { PageDocument, PageElement } from './browser.ts'

/** Makes an element with these attributes and children; a string is text, whatever is in it. */
export type MakeElement = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (PageElement | string)[]
) => PageElement

export function createMakeElement(document: PageDocument): MakeElement {
  return (name, attributes, ...children) => {
    const element = document.createElement(name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    element.append(...children)
    return element
  }
}
