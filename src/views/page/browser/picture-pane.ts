import type { PageData } from '../page-data.ts'
import type { PageElement, PageEvent } from './browser.ts'

/** The drawing: a click on a box chooses it, and what is chosen, or the box that it is in, stands out with its arrows. */
export function createPicturePane(
  { nodes, boxes = {} }: PageData,
  place: PageElement,
  choose: (id: string) => void,
): { readonly mark: (id: string | undefined) => void } {
  const states = new Map(nodes.map(({ id, state }) => [id, state]))
  const boxOf = new Map<string, string>()
  for (const [box, { state, nodes: positions }] of Object.entries(boxes)) {
    states.set(box, state)
    for (const position of positions) boxOf.set(nodes[position]?.id ?? '', box)
  }

  /** `anyone` and `every pod` mean whoever is free in that direction. */
  function means(end: string | null, id: string, half: 'ingress isolated' | 'egress isolated'): boolean {
    if (end === id) return true
    const state = states.get(id)
    return (end === 'anyone' || end === 'every pod') && (state === 'open' || state === half)
  }

  // Addresses, and who stands for many, are nobody to choose.
  for (const box of place.querySelectorAll('[data-box]'))
    box.classList.toggle('still', !states.has(box.getAttribute('data-box') ?? ''))
  place.addEventListener('click', ({ target }: PageEvent) => {
    const id = target.closest('[data-box]')?.getAttribute('data-box')
    if (typeof id === 'string' && states.has(id)) choose(id)
  })

  return {
    mark(chosen) {
      const id = chosen === undefined ? undefined : (boxOf.get(chosen) ?? chosen)
      place.classList.toggle('marked', id !== undefined)
      const near = new Set([id])
      for (const arrow of place.querySelectorAll('[data-from]')) {
        const [from, to] = [arrow.getAttribute('data-from'), arrow.getAttribute('data-to')]
        const own = id !== undefined && (means(from, id, 'ingress isolated') || means(to, id, 'egress isolated'))
        arrow.classList.toggle('near', own)
        if (own) near.add(from ?? '').add(to ?? '')
      }
      for (const box of place.querySelectorAll('[data-box]')) {
        const own = box.getAttribute('data-box') ?? ''
        box.classList.toggle('near', near.has(own))
        box.classList.toggle('chosen', own === id)
      }
    },
  }
}
