"""Which paragraphs are skipped, and why."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.labels import SkipReason
from models.text import MAX_LENGTH, is_english, skip_reason

ENGLISH = [
    "Zelenskyy visits Kharkiv",
    "Kyiv: Ukraine's army retakes Kupiansk",
    "Putin, Lavrov to meet Erdogan in Sochi",
    "Syrskyi: Pokrovsk holds",
    "Umerov meets Hegseth at Ramstein",
    "Zaluzhnyi on Bakhmut",
    "Moscow Vows Retaliation After Belgorod Strike",
    "MOSCOW VOWS RETALIATION AFTER BELGOROD STRIKE",
    "Shmyhal, Svyrydenko, Sybiha and Umerov keep their posts",
    "The parliament in Kyiv adopted the budget on its second reading.",
    "“Шахтарі не здаються,” the banner read, and the crowd below it sang until the police came to move everyone along.",
    "The minister answered with a proverb, “wer zuletzt lacht, lacht am besten”, and then took no questions.",
    "He tweeted: “Слава Україні” and thanked the volunteers who had driven the trucks across the border at night.",
    "Oil up 2%, gas down 5%, rouble flat",
    "i think they will never admit what happened there",
    "Le Pen, Orbán and Fico oppose the new loan",
    "Kadyrov threatens Kyiv",
    "Orban defies Brussels.",
    "Erdogan courts Putin",
    "Kharkiv metro reopens",
    "Kremlin jails Kara-Murza",
    "Zelenskyy sacks Zaluzhnyi",
    "Ursula von der Leyen Meets Marine Le Pen",
    "Macron et al. visit Kyiv",
    "Der Spiegel: Scholz eyes Kyiv trip",
    "Peking University Scholar Predicts Russian Defeat",
    "PEKING UNIVERSITY SCHOLAR PREDICTS RUSSIAN DEFEAT",
    "Corriere della Sera Interviews Foreign Minister Lavrov",
    "Cirque du Soleil Ends Russia Shows",
    "Garry Kasparov beat Viswanathan Anand at the World Trade Center in New York in October 1995.",
]

OTHERS = {
    "russian": "Президент заявил, что переговоры могут продолжиться на следующей неделе в столице.",
    "ukrainian": "Президент заявив, що переговори можуть продовжитися наступного тижня у столиці.",
    "german": "Der Präsident erklärte am Montag, dass die Gespräche in der nächsten Woche weitergehen könnten.",
    "german_short": "Kanzler besucht Kiew",
    "french_short": "Les Russes avancent vers Pokrovsk",
    "french_with_cognate": "Moscou rejette l’ultimatum de Kiev",
    "polish_short": "Rosja atakuje Charków",
    "italian_short": "Mosca attacca Kiev",
    "spanish_short": "Trump llama a Putin",
    "dutch_with_a_name": "Oorlog in Oekraïne",
    "french_with_cognates": "Macron et Zelensky signent un accord",
    "french_with_an_english_verb": "L'Ukraine accuse la Russie",
    "italian_with_names": "Putin incontra Xi Jinping a Pechino",
    "spanish_of_two_words": "Atentado en Moscú",
    "german_with_names": "Russland – Ukraine: Waffenstillstand in Sicht",
    "french": "Le président a déclaré lundi que les négociations pourraient reprendre la semaine prochaine.",
    "spanish": "El presidente declaró el lunes que las negociaciones podrían continuar la próxima semana.",
    "polish": "Prezydent oświadczył w poniedziałek, że rozmowy mogą być kontynuowane w przyszłym tygodniu.",
    "italian": "Il presidente ha dichiarato lunedì che i negoziati potrebbero proseguire la prossima settimana.",
    "dutch": "De president zei maandag dat de onderhandelingen volgende week kunnen worden voortgezet in de hoofdstad.",
    "portuguese": "O presidente declarou na segunda-feira que as negociações podem continuar na próxima semana.",
    "turkish": "Cumhurbaşkanı pazartesi günü yaptığı açıklamada görüşmelerin gelecek hafta sürebileceğini söyledi.",
    "chinese": "总统周一表示，谈判可能于下周在首都继续举行。",
    "arabic": "قال الرئيس يوم الاثنين إن المحادثات قد تستمر الأسبوع المقبل في العاصمة.",
    "russian_romanized": "Prezident zayavil, chto peregovory mogut prodolzhitsya na sleduyushchey nedele v stolitse.",
    "russian_romanized_short": "Voyna budet dolgoy i tyazheloy",
    "ukrainian_romanized": "Prezydent zayavyv, shcho perehovory mozhut prodovzhytysya nastupnoho tyzhnya u stolytsi.",
    "ukrainian_romanized_with_english": "Pryvit usim, my zhyvemo tut bez svitla, ale weekend bude teplym",
    "italian_capitals": "MOSCA ATTACCA KIEV",
    "polish_capitals": "ROSJA ATAKUJE KIJÓW",
    "gibberish": "asdf qwjk zxcvb lkjhg poiuy mnbvq wertz",
    "gibberish_one_case": "XKCDQ ZZPLW QRTNB VVKLM PPWQX",
    "swedish": "Presidenten sade på måndagen att förhandlingarna kan fortsätta nästa vecka i huvudstaden.",
    "romanian": "Președintele a declarat luni că negocierile ar putea continua săptămâna viitoare în capitală.",
    "indonesian": "Presiden mengatakan pada hari Senin bahwa perundingan dapat dilanjutkan minggu depan di ibu kota.",
    "german_with_english": "Der Sprecher sagte auf Englisch nur „we will see“ und beantwortete keine Fragen.",
}


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_scored(text: str) -> None:
    assert skip_reason(text) is None
    assert is_english(text)


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_are_skipped(language: str) -> None:
    assert skip_reason(OTHERS[language]) is SkipReason.NOT_ENGLISH
    assert not is_english(OTHERS[language])


@pytest.mark.parametrize(
    "text",
    ["", "   ", "\u00a0\n\ufeff", "Two words", "A b c d e", "12345 67890 2022", "12.5% (3.1%)", "— — —", "😀 😀 😀 😀",
     "https://example.com/a/very/long/path/to/some/page", "@somebody #hashtag #another @else", "Yes. No. So."],
)  # fmt: skip
def test_too_little_to_score(text: str) -> None:
    assert skip_reason(text) is SkipReason.TOO_SHORT


@pytest.mark.parametrize(
    "text",
    [
        '<div class="share"><img src="bridge.jpg" alt="a picture of the old bridge"></div>',
        "<!-- the advertisement goes here -->",
        '<script async>var first = document.getElementById("first"); first.remove();</script>',
        "<STYLE>p { color: red } h1 { margin: 0 auto }</STYLE>",
        ".share-button{display:flex;margin:0;color:inherit}",
        "function(){return window.location.href}",
        '{{ article.title | default("an article without a title") }}',
        "&nbsp;&nbsp;&#160;&#xA0; &mdash; &nbsp;",
        '<a href="https://news.example/a-long-road-to-the-front">Read more</a>',
        "www.news.example/the-road-to-the-front-is-long",
    ],
)
def test_what_is_left_of_a_page_is_no_text(text: str) -> None:
    assert skip_reason(text) is SkipReason.TOO_SHORT


@pytest.mark.parametrize(
    "text",
    [
        "<p>The harbour was shelled again on Sunday, the mayor said.</p>",
        "&ldquo;We are staying,&rdquo; the mayor said &amp; went back to work.",
        "Profits fell by <5% and losses rose by >10%, the company said on Sunday.",
        "R&D; the army {sic} needs more of it, the general said <twice>.",
    ],
)
def test_text_with_markup_in_it_is_scored(text: str) -> None:
    assert skip_reason(text) is None
    assert is_english(text)


def test_the_fewest_letters_that_are_scored() -> None:
    assert skip_reason("They met again") is None
    assert skip_reason("They met once") is SkipReason.TOO_SHORT


def test_one_english_word_in_five_is_too_few() -> None:
    assert is_english("blorp frindle quask wemb tosh gribbly jank minister army")
    assert not is_english("blorp frindle quask wemb tosh gribbly jank vont minister army")


def test_the_language_is_that_of_the_beginning() -> None:
    german = " ".join([OTHERS["german"]] * 45)
    text = f"{german} " + "It was so and is so. " * 400
    assert skip_reason(text[:MAX_LENGTH]) is SkipReason.NOT_ENGLISH


def test_the_longest_paragraph_that_is_scored() -> None:
    text = ("It was a quiet night. " * 1000)[:MAX_LENGTH]
    assert skip_reason(text) is None
    assert skip_reason(text + "x") is SkipReason.TOO_LONG
    assert skip_reason("я" * (MAX_LENGTH + 1)) is SkipReason.TOO_LONG


def test_length_counts_code_points() -> None:
    assert skip_reason(("It was quiet. 😀 " * 1000)[:MAX_LENGTH]) is None


def test_typography_does_not_matter() -> None:
    plain = "The mayor's office said it won't comment on \"rumours\" - for now."
    curly = "The mayor’s office said it won’t comment on “rumours” – for\u00a0now.  "
    assert skip_reason(plain) is None
    assert skip_reason(curly) is None


def test_threads_agree() -> None:
    texts = [*ENGLISH, *OTHERS.values()] * 5
    expected = [skip_reason(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(skip_reason, texts)) == expected


def test_another_process_agrees() -> None:
    texts = ["Zaluzhnyi on Bakhmut", OTHERS["russian_romanized_short"], OTHERS["german_short"]]
    code = f"from models.text import skip_reason\nprint([skip_reason(text) for text in {texts!r}])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == str([skip_reason(text) for text in texts])
