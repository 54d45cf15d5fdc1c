"""The story that `lifecycle demo` tells: its chapters, and the commands that make them true.

Toronto's portfolio is real, from the sample file and its sources. What happens to it here, and the
two cities that propose, are made up. A command is written as a reader types it; `ends` is the exit
code that it must have, or the story is no longer true and the demo says so.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One command: who types it on which day, how it must end, how much of its answer is shown."""

    line: str
    actor: str
    day: str
    ends: int = 0
    lines: int = 40


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading, the commands under it, and what is said before them."""

    heading: str
    text: str
    steps: tuple[Step, ...]


PREFACE = (
    """One city's agreements, from taking over to a second term. Each line that begins with $ is a
    command as you would type it, and below it is what the program answers. It all happens in a
    sandbox, which lets --today and --as say what day it is and who acts.""",
    """The portfolio is Toronto's, as far as public sources name it. Everything after chapter 2 is
    made up: the cities Santa Aurelia and Lindenfurt, the people, the money, and what becomes of
    real agreements. Toronto decided none of it. anna is staff, ben decides, and clock is the
    nightly check. Marks such as [REC3] point to sections of Partnerships that Produce (2018), the
    report whose rules these are.""",
)

MARK = "Made by lifecycle demo"
"""The reason beside the first line of its log, by which the demo knows its own sandbox."""

REGISTER = "lifecycle-demo-register"
"""The folder beside the sandbox that the register is published into."""

ANNA, BEN, CLOCK = "anna", "ben", "clock"
OURS = "TOR-2019-012"
LINDENFURT = "TOR-2019-013"
CHONGQING = "TOR-2019-001"

CHAPTERS = (
    Chapter(
        "1. A program with rules (14 January 2019)",
        "A program begins with a policy: types of agreement, criteria, a cap. It is a file, and "
        "each decision keeps the version that judged it [BP5].",
        (
            Step(
                f'lifecycle init --sandbox --policy toronto-2018 -m "{MARK}"',
                ANNA,
                "2019-01-14",
            ),
        ),
    ),
    Chapter(
        "2. What is already there",
        "The city does not begin with nothing. Ten agreements fill a cap of ten, and a memorandum "
        "stands outside it [REC3]. Nine rows stay out: for most of them no source says of which "
        "type they are, and nothing is filled in by guessing.",
        (
            Step("lifecycle import toronto.csv", ANNA, "2019-01-14", ends=1),
            Step("lifecycle list", ANNA, "2019-01-14", lines=9),
        ),
    ),
    Chapter(
        "3. Two requests, one yardstick (February 2019)",
        "Two cities ask. Both requests are scored on the same criteria, and the five factors are "
        "answered for both, before anybody decides [BP1, BOX2].",
        (
            Step("lifecycle propose santa-aurelia.toml", ANNA, "2019-02-04"),
            Step("lifecycle propose lindenfurt.toml", ANNA, "2019-02-04"),
            Step(f"lifecycle advance {OURS} submit", ANNA, "2019-02-11"),
            Step(f"lifecycle advance {LINDENFURT} submit", ANNA, "2019-02-11"),
            Step(f"lifecycle score {OURS} --file santa-aurelia-scores.toml", ANNA, "2019-02-25"),
            Step(f"lifecycle score {LINDENFURT} --file lindenfurt-scores.toml", ANNA, "2019-02-25"),
        ),
    ),
    Chapter(
        "4. Two answers (March 2019)",
        "Saying no is recorded as carefully as saying yes [REC2]. Nobody says yes to a request of "
        "their own [DP1]; and a full cap warns here, for a place may come free until the "
        "agreement starts.",
        (
            Step(
                f'lifecycle advance {LINDENFURT} decline --ground fails_criteria -m "Neither '
                'industry nor market" --yes',
                BEN,
                "2019-03-11",
            ),
            Step(f"lifecycle advance {OURS} accept", ANNA, "2019-03-11", ends=1, lines=5),
            Step(
                f'lifecycle advance {OURS} accept --on-behalf-of "City Council" --item "made up"',
                BEN,
                "2019-03-11",
            ),
        ),
    ),
    Chapter(
        "5. Not yet ready to sign (May 2019)",
        "An objective that nobody can measure, a project without staff or end, an agreement "
        "without a term: each is named, with the rule and what to do [BP3, BP4, DP2]. The refusal "
        "is on the log as well.",
        (
            Step(f"lifecycle advance {OURS} sign", BEN, "2019-05-06", ends=1),
            Step("lifecycle apply santa-aurelia-agreed.toml", ANNA, "2019-05-27"),
            Step(f"lifecycle diff {OURS}", ANNA, "2019-05-27", lines=9),
            Step(
                f'lifecycle advance {OURS} sign --on-behalf-of "City Council" --item "made up"',
                BEN,
                "2019-06-10",
                lines=2,
            ),
        ),
    ),
    Chapter(
        "6. An eleventh place there is not (July 2019)",
        "The term begins, and the nightly check would activate the agreement. Ten hold the ten "
        "places, so it can't [BOX2].",
        (
            Step("lifecycle nightly", CLOCK, "2019-07-01"),
            Step(f"lifecycle log why {OURS}", ANNA, "2019-07-01", lines=4),
        ),
    ),
    Chapter(
        "7. Room is made (August 2019)",
        "The oldest agreement dates from 1986 and has run without a term since. It is evaluated "
        "and ended on a stated ground: dormant [REC4, REC7]. That night the new one is activated. "
        "(The story leaps over nights, and the check wants to be told that such a gap is meant.)",
        (
            Step(f"lifecycle advance {CHONGQING} conclude", ANNA, "2019-08-12"),
            Step(
                f"lifecycle evaluate {CHONGQING} --file chongqing-evaluation.toml",
                ANNA,
                "2019-08-19",
            ),
            Step(f"lifecycle advance {CHONGQING} sunset --ground dormant --yes", BEN, "2019-09-02"),
            Step("lifecycle nightly --catch-up", CLOCK, "2019-09-02"),
        ),
    ),
    Chapter(
        "8. A juncture for each of the others (January 2020)",
        "None of the ten others has an end date. When they were taken over, each was given a "
        "review instead, a year ahead, so that none can sleep for decades again [REC7]. The day "
        "comes, and all of them wait for somebody to decide.",
        (Step("lifecycle nightly --catch-up", CLOCK, "2020-01-14", lines=6),),
    ),
    Chapter(
        "9. The term runs out (July 2022)",
        "The last day of the term was 30 June. The nightly check expires it the day after, once "
        "[BP3]. What the years brought is on record, and agreement, project and the worth of going "
        "on are judged apart [BOX6, REC9].",
        (
            Step("lifecycle nightly --catch-up", CLOCK, "2022-07-01", lines=8),
            Step(
                f"lifecycle record {OURS} --file santa-aurelia-reports.toml",
                ANNA,
                "2022-07-11",
                lines=1,
            ),
            Step(f"lifecycle advance {OURS} renew", BEN, "2022-07-11", ends=1),
            Step(
                f"lifecycle evaluate {OURS} --file santa-aurelia-evaluation.toml",
                ANNA,
                "2022-07-18",
            ),
        ),
    ),
    Chapter(
        "10. A second term, and not a longer first one (autumn 2022)",
        "Renewal cites what was achieved and starts over: the old objectives are gone, and new "
        "ones have to be as SMART as the first [DP3, REC6]. The agreement keeps the place that it "
        "holds.",
        (
            Step(f"lifecycle advance {OURS} renew", BEN, "2022-08-08"),
            Step(f"lifecycle advance {OURS} renegotiate", ANNA, "2022-08-15"),
            Step("lifecycle apply santa-aurelia-second-term.toml", ANNA, "2022-09-05"),
            Step(f"lifecycle advance {OURS} sign", BEN, "2022-09-19"),
            Step("lifecycle nightly --catch-up", CLOCK, "2022-10-01", lines=5),
        ),
    ),
    Chapter(
        "11. What an auditor sees",
        "Who did what when, under which rules, refusals included. The rows that lists show are "
        "worked out again from the log, and must be the same.",
        (
            Step(f"lifecycle show {OURS}", ANNA, "2022-10-03", lines=11),
            Step(f"lifecycle log {OURS}", ANNA, "2022-10-03", lines=20),
            Step("lifecycle log replay", ANNA, "2022-10-03"),
        ),
    ),
    Chapter(
        "12. What an auditor can prove",
        "A key of the city signs a checkpoint over every line. Who keeps one elsewhere can tell "
        "later that nothing was changed or cut off, without trusting whoever runs the database.",
        (
            Step("lifecycle log key create", ANNA, "2022-10-03", lines=1),
            Step("lifecycle log key export -o city.pub", ANNA, "2022-10-03"),
            Step("lifecycle log checkpoint", ANNA, "2022-10-03"),
            Step(f"lifecycle log why {OURS} 8", ANNA, "2022-10-03", lines=8),
            Step("lifecycle log verify --key city.pub", ANNA, "2022-10-03", lines=7),
            Step("lifecycle log export audit", ANNA, "2022-10-03", lines=1),
            Step("lifecycle log verify audit --key city.pub", ANNA, "2022-10-03", lines=3),
        ),
    ),
    Chapter(
        "13. What the public sees",
        "The register is a folder for the city's website: every signed agreement with its goals, "
        "milestones and outcomes, and the checkpoint for whoever wants to keep it [BP5]. Nothing "
        "is on it but what anybody may know. Open it in a browser.",
        (Step(f"lifecycle publish {REGISTER}", ANNA, "2022-10-03"),),
    ),
)

LAST_DAY = "2022-10-03"
"""The day on which the last line of the demo's log is written."""

GO_ON = (
    "lifecycle list",
    "lifecycle show TOR-2019-002",
    f"lifecycle report annual 2021 {OURS} --trace",
    "lifecycle advance TOR-2019-002 sunset --ground dormant --as ben",
    "lifecycle log TOR-2019-002",
)
"""What a reader may try next; `sunset` asks first."""
