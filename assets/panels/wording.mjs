/** Where a moment's measures lie among known tracks, in the page's language; `model/words.py` says the same in English. */

import { listed, number } from "../core/format.mjs";
import { text } from "../core/texts.mjs";

const FEW = 0.02; // Of a genre's tracks: so few count as none.

/** On which side of most of a genre's tracks a value lies; `genre` as one names it within a sentence. */
function against(measure, shareBelow, genre) {
  const [than, share] = shareBelow >= 0.5 ? [text(`measure.${measure}.more`), shareBelow] : [text(`measure.${measure}.less`), 1 - shareBelow];
  return share > 1 - FEW ? text("words.than_all", { than, genre }) : text("words.than_share", { than, share: number(100 * share), genre });
}

/** Where one measure's value lies: against the leading genre's tracks, and which genre's middle it is like; "" if unknown. */
export function placeWords({ name, share_below: shares }, leader, spoken) {
  if (shares[leader] === undefined) return "";
  const off = (genre) => Math.abs(shares[genre] - 0.5);
  const nearest = Object.keys(shares).reduce((best, genre) => (off(genre) < off(best) ? genre : best));
  return text("words.like_middle", {
    against: against(name, shares[leader], spoken(leader)),
    same: text(`measure.${name}.same`),
    genre: spoken(nearest),
  });
}

/** What sets a moment apart from the runner-up and is common with the leader; "" where the genres are not known. */
export function speaksWords({ measures, telling, leader, runner_up: runnerUp }, spoken) {
  const shares = new Map(measures.map(({ name, share_below: share }) => [name, share]));
  if (!measures.length || [leader, runnerUp].some((genre) => measures[0].share_below[genre] === undefined)) return "";
  if (!telling.length) return text("words.nothing_apart", { genre: spoken(runnerUp) });
  const what = listed(telling.map((name) => against(name, shares.get(name)[runnerUp], spoken(runnerUp))));
  return text("words.speaks", { what, genre: spoken(leader) });
}
