import assert from "node:assert/strict";
import test from "node:test";

import "../../mapui/static/mapui/names.js";

const { findNames } = globalThis;
const readings = {
  bao: "包", tou: "头", fa: "法", zhi: "治", gong: "公", yuan: "园员", xin: "馨", she: "社", qu: "区", guang: "广",
  chang: "场长", zhang: "长", lang: "廊", lv: "绿", lu: "绿",
};
const PLACES = ["包头法治公园", "法治广场", "馨园社区", "法治长廊", "绿园", "A区广场"];
const records = PLACES.map((name) => ({ name, region_name: name === "法治广场" ? "昆都仑区" : "九原区" }));
const found = (query) => findNames(records, query, readings).map(({ name }) => name);

test("a place is found by characters, the whole name first", () => {
  assert.deepEqual(found("法治"), ["法治广场", "法治长廊", "包头法治公园"]);
  assert.deepEqual(findNames(records, "绿园", readings)[0].fit, "exact");
});

test("a place is found by full pinyin, typed in one or in pieces, to its end or not", () => {
  for (const query of ["baotoufazhigongyuan", "bao tou fa zhi gong yuan", "BAOTOU", "baotoufazhigongyu"]) {
    assert.deepEqual(found(query), ["包头法治公园"], query);
  }
  assert.equal(findNames(records, "fazhigongyuan", readings)[0].fit, "pinyin");
});

test("a place is found by its initials, of one letter or two, and by a mixture", () => {
  for (const query of ["btfzgy", "btfzhgy", "包头fzgy", "btfazhigy", "gy"]) assert.deepEqual(found(query), ["包头法治公园"], query);
  assert.equal(findNames(records, "btfzgy", readings)[0].fit, "initials");
});

test("every reading of a character will do, and ü as v or u", () => {
  for (const query of ["fazhichanglang", "fazhizhanglang"]) assert.deepEqual(found(query), ["法治长廊"]);
  for (const query of ["lvyuan", "luyuan", "lüyuan", "lǜyuán"]) assert.deepEqual(found(query), ["绿园"], query);
});

test("each of several words may fit the name or the division", () => {
  assert.deepEqual(found("昆都仑 gc"), ["法治广场"]);
  assert.deepEqual(found("昆都仑 包头"), []);
});

test("one slip is forgiven where nothing else fits", () => {
  for (const query of ["包头法制公园", "baotofazhigongyuan", "baotuofazhigongyuan", "baotoufazhigngyuan", "baotoufazhigomgyuan", "法治公圆"]) {
    assert.deepEqual(findNames(records, query, readings).map(({ name, fit }) => [name, fit]), [["包头法治公园", "similar"]], query);
  }
  for (const query of ["包头法制公圆", "bootofazhigongyuan", "园区", "luan"]) assert.deepEqual(found(query), [], query);
});

test("a place is found by what it was called before, and says so", () => {
  const square = { name: "法治广场", former_names: "友谊广场;人民场", region_name: "九原区" };
  assert.deepEqual(findNames([square], "人民场").map(({ name, former_name: former }) => [name, former]), [["法治广场", "人民场"]]);
  assert.deepEqual(findNames([square], "广场").map(({ former_name: former }) => former), [null]);
});

test("nothing is found by nothing, and characters are found without readings", () => {
  assert.deepEqual(found(" ·"), []);
  assert.deepEqual(found("zzz"), []);
  assert.deepEqual(findNames(records, "公园").map(({ name }) => name), ["包头法治公园"]);
});
