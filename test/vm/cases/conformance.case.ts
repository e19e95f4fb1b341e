import { testConformance } from '../../kernel/conformance-steps.ts'

/** 6 of the 256 steps, with 2,500 packets: the whole table takes an emulated machine an hour. */
testConformance('bridged', 50)
