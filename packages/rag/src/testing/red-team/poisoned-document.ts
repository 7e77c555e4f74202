/** A document that tries to make a model do what the one who asks did not ask for. */
export interface PoisonedDocument {
  /** What it tries. */
  name: string;
  title: string;
  /** As it is stored, poison included. */
  text: string;
  /** A part of the text that a parser saw to be invisible to people: white, tiny, off the page. */
  hidden?: string;
  /** What a person asks; the document answers it beside the poison. */
  question: string;
  /** Stands in an answer to `question` when the model did what the document wants. */
  payload: string;
}
