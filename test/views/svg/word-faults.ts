/** What is wrong with the words of a picture, as the browser lays them out: cut by the edge, too small, over one another. */
export const WORD_FAULTS = `(() => {
  const { width, height } = document.documentElement.viewBox.baseVal
  const boxes = [...document.querySelectorAll('text')].map((text) => {
    const { left, top, right, bottom } = text.getBoundingClientRect()
    return { words: text.textContent, left, top, right, bottom, size: parseFloat(getComputedStyle(text).fontSize) }
  })
  const cut = boxes.filter(({ left, top, right, bottom }) => left < 0 || top < 0 || right > width || bottom > height)
  const small = boxes.filter(({ size }) => size < 10)
  const meets = (one, other) =>
    one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 4 && other.top < one.bottom - 4
  const covered = boxes.filter((one, index) => boxes.slice(index + 1).some((other) => meets(one, other)))
  const words = (list) => list.map(({ words }) => words).slice(0, 5)
  return { count: boxes.length > 0, cut: words(cut), small: words(small), covered: words(covered) }
})()`
