import { execa } from 'execa'
import { expect, test } from 'vitest'
import { MAIN } from '../../cli/run-selvedge.ts'
import { expectStory } from '../../demo/expect-story.ts'

test('the demo tells its whole story, every mark as the oracle has it', async () => {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [MAIN, 'demo'], { reject: false, stdin: 'ignore' })
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: expect.stringMatching(/^Building [^\n]*\n(Step \d of 7\n?)+$/),
  })
  expectStory(stdout)
})
