import { testConformance } from '../../kernel/conformance-steps.ts'

/** 11 of the 256 steps: the whole table takes an emulated machine an hour. */
testConformance('bridged', 25)
