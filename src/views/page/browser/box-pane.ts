import type { PageNode } from '../page-data.ts'
import type { PageElement } from './browser.ts'
import type { MakeElement } from './make-element.ts'

/** A box of the drawing that is several nodes: which, to choose one of them. */
export function createBoxPane(
  place: PageElement,
  make: MakeElement,
  choose: (id: string) => void,
): { readonly show: (box: string, nodes: readonly PageNode[]) => string } {
  function item({ id, detail, state }: PageNode): PageElement {
    const glyph = make('span', { class: 'glyph', 'data-state': state, 'aria-hidden': 'true' })
    const button = make('button', { type: 'button', class: 'link' }, glyph, id)
    button.addEventListener('click', () => choose(id))
    const words = state === 'host network' ? detail : `${detail}, ${state}`
    return make('li', {}, button, make('span', { class: 'small' }, ` ${words}`))
  }

  return {
    show(box, nodes) {
      place.replaceChildren(
        make('h2', { id: 'details-title', tabindex: '-1' }, box),
        make('p', { class: 'small' }, `${nodes.length} in one box of the picture`),
        make('p', {}, 'The picture draws them as one; what policies say is told of each by itself. Choose one:'),
        make('ul', { class: 'box-parts' }, nodes.map(item)),
      )
      return `${box}: ${nodes.length} in one box of the picture`
    },
  }
}
