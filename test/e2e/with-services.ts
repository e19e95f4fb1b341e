import { type Case, timed } from './case.ts'
import { removeServices } from './services.ts'
import type { World } from './world.ts'

/** A case with Services in x and y, which are removed after it. */
export function withServices(name: string, run: (world: World) => Promise<number>): Case {
  return timed(name, async (world) => {
    try {
      return await run(world)
    } finally {
      await Promise.all(['x', 'y'].map((team) => removeServices(world, team)))
    }
  })
}
