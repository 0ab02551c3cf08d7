import assert from "node:assert/strict";
import { test } from "node:test";
import { inLanguage } from "./speaking.mjs";
import { problemFrom } from "../../assets/core/api.mjs";
import { sentenceCase, speak, text, told } from "../../assets/core/texts.mjs";
import { sameSound } from "../../assets/player/same.mjs";

test("a text is filled in, and counts by the rules of its language", () => {
  assert.equal(text("library.own_tracks", { n: 1 }), "1 track of your own");
  assert.equal(text("library.own_tracks", { n: 12 }), "12 tracks of your own");
  inLanguage("de", () => assert.equal(text("library.own_tracks", { n: 1 }), "1 eigener Track"));
  assert.throws(() => text("library.nothing"), /library\.nothing/);
  speak("en", { "a.b": "{a} and {b}" });
  assert.equal(text("a.b", { a: "$&", b: "{a}" }), "$& and {a}"); // What is filled in is no pattern, and not filled in again.
  inLanguage("en", () => {});
  assert.equal(sentenceCase("so far"), "So far");
});

test("the server's words are shown in their own language; in another, what the page knows of their kind", () => {
  const known = JSON.stringify({ type: "/api/problems/audio-too-long", detail: "It has 3602 s.", title: "Too long", status: 422 });
  const unknown = JSON.stringify({ type: "about:blank", detail: "It was logged.", title: "Internal", status: 500 });
  assert.equal(problemFrom(422, known).message, "It has 3602 s.");
  assert.equal(problemFrom(500, unknown).message, "It was logged.");
  assert.equal(problemFrom(502, "<html>").message, "The server answered with status 502.");
  assert.equal(told("warning.clipped", ""), "Many samples lie flat at full scale.");
  inLanguage("de", () => {
    assert.equal(problemFrom(422, known).message, "Der Track ist zu lang.");
    assert.equal(problemFrom(500, unknown).message, "Der Server hat mit Status 500 geantwortet.");
    assert.match(sameSound("a", { kind: "sample", title: "b" }, {}), /^„a“ ist derselbe Klang wie das Beispiel „b“/);
  });
});
