import assert from "node:assert/strict";
import { test } from "node:test";
import "./speaking.mjs";
import { verdict } from "../../assets/panels/verdict.mjs";

const CONFIG = {
  genres: [
    { id: "jazz", label: "Jazz" },
    { id: "hiphop", label: "Hip-hop" },
  ],
  silenceDbfs: -60,
};

test("the genre that leads is the one that the server names", () => {
  const said = verdict({ state: "music", genre: "hiphop", p: [0.51, 0.49] }, CONFIG);
  assert.equal(said.title, "Hip-hop");
  assert.equal(said.number, "0.49");
  assert.equal(said.top, CONFIG.genres[1]);
});

test("unsure and silent windows have none", () => {
  const unsure = verdict({ state: "unsure", genre: null, p: [0.5, 0.5] }, CONFIG);
  assert.equal(unsure.top, null);
  assert.match(unsure.words, /No genre stands out/);
  const silent = verdict({ state: "silence", genre: null, level_dbfs: -71.4, p: [0.5, 0.5] }, CONFIG);
  assert.equal(silent.words, "\u221271 dBFS: too quiet to judge (below \u221260 dBFS).");
});
