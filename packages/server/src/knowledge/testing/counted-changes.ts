import { DocumentChanges } from '../document-changes.ts';

/** The real announcements, and how many follow them now. */
export class CountedChanges extends DocumentChanges {
  followers = 0;

  override follow(baseId: string, onChange: (documentId: string) => void): () => void {
    this.followers += 1;
    const unfollow = super.follow(baseId, onChange);
    return () => {
      this.followers -= 1;
      unfollow();
    };
  }
}
