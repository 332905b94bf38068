/* awkward - documents that break renderers, for the tests of Markdown */
#ifndef TESTS_AWKWARD_H
#define TESTS_AWKWARD_H

static const struct {
    const char *name, *source;
} awkward[] = {
    {"plain", "One paragraph of some words.\n"},
    {"no end of line", "The last line has no end"},
    {"atx headings", "# One\n\n## Two\n\n### Three\n\n#### Four\n\n##### Five\n\n###### Six\n"},
    {"closed headings", "## Closed ##\n\n### More closed   ###   \n\n# Hash \\#\n"},
    {"setext headings", "First\nand second line\n===\n\nOther\n---\n\nText\n"},
    {"skipped levels", "#### Deep first\n\n# Then one\n\n###### Six\n\n### Three\n"},
    {"heading of code and link", "## The `make` of [all](https://example.org/all) *things*\n"},
    {"empty heading", "#\n\n##   ##\n\nBody\n"},
    {"emphasis", "*a* **b** ***c*** _d_ __e__ *f **g** h* **i *j* k** l*m*n o_p_q\n"},
    {"unmatched marks", "a * b ** c _ d __ e ` f [ g ] h ! i\n"},
    {"escapes", "\\*not\\* \\_it\\_ \\# \\[no\\](link) \\`code\\` \\\\ 1\\. \\- \\&amp;\n"},
    {"entities", "&amp; &lt;b&gt; &copy; &nbsp; &#8364; &#x1F600; &hellip; &nosuch; AT&T\n"},
    {"smart", "\"Hello,\" she said -- 'yes' --- it's the '90s... \"'nested'\"\n"},
    {"bullets", "- one\n- two\n\n* star\n* two\n\n+ plus\n+ two\n"},
    {"nested bullets", "- a\n  - b\n    - c\n      - d\n        - e\n          - f\n- g\n"},
    {"loose list", "- one\n\n  second paragraph\n\n- two\n\n      code in it\n\n- three\n"},
    {"ordered from seven", "7. seven\n8. eight\n9. nine\n10. ten\n11. eleven\n"},
    {"ordered with brackets", "1) one\n2) two\n   1) inner\n   2) inner two\n"},
    {"ordered from nought", "0. nought\n1. one\n"},
    {"large number", "999999999. the largest\n1000000000 is no number\n"},
    {"empty items", "-\n- two\n-\n\n1.\n2. b\n"},
    {"list of lists", "- - - deep\n- 1. - mixed\n"},
    {"list in quote", "> - one\n> - two\n>   > inner\n>\n> 1. a\n> 2. b\n"},
    {"quote in list", "- item\n\n  > quoted\n  > more\n\n- next\n"},
    {"lazy quote", "> first\nlazy second\n> third\n\nafter\n"},
    {"deep quotes", "> a\n>> b\n>>> c\n>>>> d\n>>>>> e\n"},
    {"code in quote", "> ```\n> x  =  1\n> ```\n\n>     indented\n"},
    {"fences", "```\nplain *code*\n```\n\n~~~ sh\nmake `all`\n~~~\n\n````\n```\n````\n"},
    {"unclosed fence", "```\nnever closed\n\n# no heading\n"},
    {"indented code", "    four spaces\n\n\n        eight\n\n\ttab\n"},
    {"code spans", "`a` ``b ` c`` `` `d` `` ` e ` `*f*` `<b>` `\\`\n"},
    {"tabs", "-\ttabbed item\n\n\t> code, no quote\n\na\tb\n"},
    {"hard breaks", "first  \nsecond\\\nthird\nfourth\n"},
    {"rules", "a\n\n---\n\n***\n\n_ _ _\n\nb\n"},
    {"links", "[a](https://example.org/a) [b](<https://example.org/b c> 'A title') [c]()\n"},
    {"link titles", "[x](/u \"the title\") [y](/v '\"quoted\"') [z](/w (in brackets))\n"},
    {"reference links",
     "[Full][r], [Collapsed][] and [shortcut].\n\n[r]: https://example.org/full \"Ref title\"\n"
     "[collapsed]: https://example.org/collapsed\n[Shortcut]: <https://example.org/short>\n"},
    {"undefined references", "[nothing] and [nothing][here] and [x](not closed\n"},
    {"autolinks", "<https://example.org/?a=1&b=2> <ann@example.org> <mailto:bob@example.org>\n"},
    {"bare addresses",
     "See https://example.org/a_b_c/d--e?f=(g). (https://example.org/h) https://example.org/i!\n"},
    {"link around code", "[`code` and *em*](https://example.org/x) [![alt](pic.png)](/y)\n"},
    {"brackets in links", "[a [b] c](/d(e)f) [\\]](/g\\)h) [i](<j k>)\n"},
    {"same link twice", "[a](/x) [b](/x) [c](/y) [a](/x)\n"},
    {"link at a word", "[pupil](/p)s, [school](/s)'s, re[read](/r)ing\n"},
    {"images", "![An owl](owl.png) ![The *big* `hall`](hall.jpg \"Built 1905\")\n"},
    {"remote image", "![Logo](https://example.org/logo.png) and [![Ad](//example.org/ad)](/go)\n"},
    {"button", "**[Book now](https://example.org/book?a=1&b=2)**\n"},
    {"other languages",
     "Zażółć gęślą jaźń. Llanfair­pwllgwyngyll. Ελληνικά. Русский текст.\n\nمرحبا بالعالم\n"},
    {"wide letters", "学校からのお知らせです。 今学期の行事予定を お知らせいたします。\n"},
    {"emoji", "👩‍🏫 Well done 🎉🎉 everyone 🇬🇧 and 👍🏽\n"},
    {"combining", "Cafe\xcc\x81 na\xc3\xafve e\xcc\x82\xcc\xa3\n"},
    {"a long word", "Pneumonoultramicroscopicsilicovolcanoconiosispneumonoultramicroscopicsilicovol"
                    "canoconiosis x\n"},
    {"a long paragraph",
     "The quick brown fox jumps over the lazy dog and then it goes on and on and on, past every "
     "edge "
     "that a line of plain text could have, until it comes back to where it was and lies down.\n"},
    {"a long item",
     "1. The quick brown fox jumps over the lazy dog and then it goes on, past every edge that a "
     "line "
     "has\n   - and in this inner item it does the very same thing once more, only further to the "
     "right, you see\n"},
    {"a long link", "[Here](https://example.org/"
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?b=c) it is\n"},
    {"a long line of code", "```\nfor school in schools; do echo \"$school\" and something more, "
                            "past the edge; done; exit\n"
                            "```\n"},
    {"braces", "{ {{=<% %>=}}{{ not a tag }}<%={{ }}=%> } \\{\\{x}} { }\n"},
    {"From at a line's start", "From here it goes\n\nFrom there\n"},
    {"dot at a line's start", "Text\n.\n..hidden\n"},
    {"signature", "Bye\n\n-- \nAnn\n"},
    {"comments", "a <!-- not said --> b\n\n<!--\nnor this\n-->\n\nc\n"},
    {"a table of dates",
     "```table Dates\nDate,What\n5 January,\"Term begins, at last\"\n12 March,Half-term\n```\n"},
    {"a table too wide", "```table\nAlphabetically,Bibliographically,Characteristically,"
                         "Disproportionately,Entrepreneurs\n"
                         "one,two,three,four,five\n```\n"},
    {"windows line ends", "# Title\r\n\r\n- a\r\n- b\r\n\r\n```\r\ncode\r\n```\r\n"},
    {"control characters", "a\x0b"
                           "b\x0c"
                           "c &#14; &#7; d\n"},
    {"nothing", ""},
    {"blank lines", "\n\n   \n\n"},
};

#endif
