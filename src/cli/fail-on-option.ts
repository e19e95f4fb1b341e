import { InvalidArgumentError, Option } from 'commander'

/** `--fail-on` of the commands that tell what a change does: one of these words, or several with commas. */
export function failOnOption<Condition extends string>(
  conditions: readonly Condition[],
  usual: NoInfer<Condition>,
): Option {
  return new Option('--fail-on <what>', 'what makes the exit status 1; several with commas')
    .choices(conditions)
    .default([usual], usual)
    .argParser((text: string): readonly Condition[] =>
      text.split(',').map((word) => {
        const condition = conditions.find((one) => one === word.trim())
        if (condition === undefined) throw new InvalidArgumentError(`Allowed choices are ${conditions.join(', ')}.`)
        return condition
      }),
    )
}
