/** How text speaks that is meant for a model and not for a student. A list of habits, not a proof. */
const HABITS = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|above|previous|prior)\b/iu,
  /\b(?:system|developer) (?:prompt|message|instructions?)\b/iu,
  /\byou are (?:now )?(?:an? |the )?(?:ai|assistant|language model|chatbot|llm)\b/iu,
  /\b(?:as|to) (?:an?|the|any) (?:ai|language model|llm|chatbot)\b/iu,
  /(?:^|\s)(?:system|assistant|user)\s*:\s/iu,
  /<\|?\/?(?:im_start|im_end|system|assistant|user|inst)\b|\[\/?INST\]|###\s*(?:instruction|system)/iu,
  /\b(?:respond|reply|answer) (?:only |exactly )?with\b/iu,
];

/** Whether a text of others tries to instruct a model. Such a passage is quoted as what it is, and never given to one. */
export function addressesAModel(text: string): boolean {
  const plain = text.normalize('NFKC');
  return HABITS.some((habit) => habit.test(plain));
}
