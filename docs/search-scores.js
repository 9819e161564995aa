// What a search shows first: pages for users, then the commands and the gallery, then the modules.
var Scorer = {
  score: ([docname, , , , score]) => {
    if (docname.startsWith("api/modules/")) return score - 40;
    return docname.includes("/") || docname === "changelog" ? score : score + 20;
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
