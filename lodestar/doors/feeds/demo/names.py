"""Invented words to make people and places of. Nobody and nowhere here is real.

Telephone numbers come only from the ranges that Ofcom keeps for drama, postcodes from an area that does not exist (ZZ),
e-mail addresses from the domains kept for examples.
"""

from __future__ import annotations

from dataclasses import dataclass

from lodestar.doors.feeds.demo.dice import Dice


@dataclass(frozen=True, slots=True)
class Community:
    """Given and family names that go together, and how the family may have answered about ethnicity."""

    share: float
    ethnicities: tuple[str, ...]
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_BRITISH_GIRLS = _words(
    "Abi Amber Bryony Carys Cerys Daisy Darcey Elodie Erin Esme Fern Freya Gracie Hattie Holly Isla Ivy Jodie Keira"
    " Lacey Lexi Libby Lottie Maisie Martha Megan Millie Niamh Orla Paige Phoebe Poppy Robyn Rosie Ruby Scarlet Skye"
    " Summer Tilly Willow"
)
_BRITISH_BOYS = _words(
    "Aidan Alfie Archie Ashton Bailey Blake Callum Charlie Corey Declan Dylan Elliot Ethan Felix Finlay Frankie"
    " Freddie George Harley Hugo Jake Jamie Jayden Jenson Kai Kian Leo Logan Luca Mason Miles Morgan Noah Ollie Reece"
    " Riley Rowan Toby Tyler Zac"
)
_BRITISH_FAMILIES = _words(
    "Ashgrove Aldwell Barnlock Bellwether Birkhollow Brackley-Moss Bramlow Candlish Chalkwell Corfleet Crossmere"
    " Dainmoor Dunmarrow Eastlock Elmstead Everwell Fairholm Fenlock Foxhollow Garnwick Gladwin-Shaw Glaseby"
    " Gorsefield Hallowes Harkstead Hartsmoor Hawkswell Hazelrig Hollinbrook Inglemere Kestleby Kingsford-Lowe"
    " Larkhope Lindrake Lockmere Mallowby Marlpit Mereweather Millbank-Hay Netherfold Norwell Oakhanger Orchardson"
    " Oxley-Vane Pemberlow Penhallick Plumstock Quarrington Ravenhope Redmarsh Rushmead Sallowby Sandlock Selwick"
    " Silverlea Stonewall-Day Swaleham Tarnbrook Thistleby Thornbank Underhay Wakelow Waterfold Weatherlow Westcombe-"
    " Ray Whinfell Windlesby Wolverlow Woodmere Yarrowby"
)

COMMUNITIES = (
    Community(0.68, ("White British",), _BRITISH_GIRLS, _BRITISH_BOYS, _BRITISH_FAMILIES),
    Community(
        0.09,
        ("White other",),
        _words("Agnieszka Ausra Beatriz Daina Daria Ema Hania Inês Ioana Kasia Lidia Maja Milena Oliwia Rasa Zofia"),
        _words("Adomas Bartek Dawid Filip Gabriel Hubert Jakub Kacper Lukas Mateus Nojus Rokas Sorin Tiago Tomasz Wiktor"),
        _words("Bielawek Borkowiec Dambrauskis Ferreiral Grudzin Jankovelis Kazlaukas Moldorescu Nowicz Petrauskis Sobczyn Valadinho"),
    ),
    Community(
        0.10,
        ("Pakistani", "Bangladeshi", "Indian", "Asian other"),
        _words("Aaliyah Amina Anaya Fatimah Hafsa Inaya Jasleen Khadija Mariam Nabila Priyanka Sana Simran Tahmina Yasmin Zara"),
        _words("Abdullah Adil Arjun Bilal Danyal Faizan Gurpreet Hamza Ibrahim Idris Jaspal Nadeem Rayyan Sufyan Tahir Zayn"),
        _words(
            "Aminzad Bashirani Chaudhrel Dhalimar Farooqan Gillani-Noor Hussainov Iqbalzai Kaleemi Mahmoodan Patelwar"
            " Rahmanis Sidhuvar Uddinar"
        ),
    ),
    Community(
        0.06,
        ("Black African", "Black Caribbean", "Black other"),
        _words("Abena Adaeze Amara Blessing Chiamaka Deborah Efua Imani Kezia Naomi Oluchi Precious Ruth Tanisha Wambui Zuri"),
        _words("Ayodele Chidi Daniel Emeka Femi Isaiah Jerome Kofi Kwabena Malachi Nathaniel Obinna Samuel Tendai Tyrell Yaw"),
        _words(
            "Abiolane Adeyokun Asantewell Boatengu Campbell-Reeve Chikwanda Delroyson Ezeokafor Mensahene Mokoenwa"
            " Nkansahu Okonjero Tembolani"
        ),
    ),
    Community(
        0.05,
        ("White and Black Caribbean", "White and Asian", "White and Black African", "Mixed other"),
        _words("Aisha Alana Cora Elena Jada Jasmine Kiara Layla Leila Maya Mia Nia Raya Sienna Talia Zoe"),
        _words("Adam Caleb Elijah Ezra Jaden Jonah Joshua Kieran Marcus Micah Nathan Omari Reuben Theo Tristan Xavier"),
        _words(
            "Ashgrove Bellwether Campbell-Reeve Dunmarrow Fairholm Harkstead Iqbalzai Larkhope Mensahene Norwell"
            " Okonjero Rushmead Selwick Woodmere"
        ),
    ),
    Community(
        0.02,
        ("Gypsy or Irish Traveller", "Chinese", "Arab", "Any other"),
        _words("Dilnaz Kathleen Liang Margaret Mei Noor Rania Shirin Tien Xiu"),
        _words("Azad Brendan Haoran Jimmy Karim Martin Nima Omid Ruslan Wei"),
        _words("Barzanpour Cheungfai Connarty-Moss Delaneys Haddadin Karimzad Lingfeng Maughanel Tranvinh Zhaoming"),
    ),
)

GROWN_UPS = _words(
    "Adele Alan Alison Andrzej Anita Asif Beverley Bola Carol Claire Colin Dariusz Dawn Deepa Denise Derek Donna"
    " Elaine Ewa Farah Fiona Gareth Gita Glenn Grace Harjit Heather Ian Imran Jackie Janet Jason Joanne Kamal Karen"
    " Keith Kelly Kwame Lesley Linda Lorraine Malcolm Marek Marie Mohsin Nasreen Neil Nicola Olu Pauline Petra Philip"
    " Rajan Rekha Rita Rosa Ross Sadia Sandra Sheila Stuart Tanya Teresa Trevor Usha Valerie Vera Wayne Yvonne Zahid"
)

# Of those: who is said to be a woman on the staff; the rest are said to be men. Invented, like the names.
WOMEN = frozenset(
    _words(
        "Adele Alison Anita Beverley Carol Claire Dawn Deepa Denise Donna Elaine Ewa Farah Fiona Gita Grace Heather Jackie Janet"
        " Joanne Karen Kelly Lesley Linda Lorraine Marie Nasreen Nicola Pauline Petra Rekha Rita Rosa Sadia Sandra Sheila Tanya"
        " Teresa Usha Valerie Vera Yvonne"
    )
)

STREETS = _words(
    "Alder Bittern Bobbin Candle Clover Cobbler Cuckoo Damson Drover Elder Fennel Fuller Gander Hazel Heron Kestrel"
    " Lantern Larch Linnet Mallow Marl Miller Mulberry Nettle Osier Otter Paddock Pippin Plover Quince Reed Rookery"
    " Saddler Samphire Sedge Skylark Sorrel Tanner Teasel Thistle Thrush Wainwright Weaver Willow Windmill Wren Yarrow"
)
STREET_KINDS = ("Road", "Street", "Close", "Lane", "Avenue", "Drive", "Way", "Court", "Gardens", "Rise")
HOMES = _words(
    "Bramble Copper Dovecote Fieldgate Greenfinch Hearthside Lighthouse Lilac Meadow Orchard Peartree Quayside Rowan"
    " Stile Sunnybank Waterside"
)
HOME_KINDS = ("House", "Lodge", "Cottage", "View")
SCHOOLS = _words("Bittern Castlegate Drovers Eastfen Harbour Kingfisher Lantern Mereside Northgate Priory Saltmarsh Tollgate")
PLACES = (
    "the bus station", "the skate park", "the retail park", "the riverside path", "the railway station", "the arcade",
    "the leisure centre", "the market square", "the recreation ground", "a friend's address", "a relative's address",
    "the multi-storey car park", "the fast-food place by the ring road", "the canal basin", "the sixth-form college",
)  # fmt: skip


def community(dice: Dice) -> Community:
    """A community by its share of children who go missing here; shares are invented."""
    return dice.weighted([(item, item.share) for item in COMMUNITIES])


def grown_up(dice: Dice) -> str:
    """A grown-up's name, from any community."""
    return f"{dice.pick(GROWN_UPS)} {dice.pick(community(dice).families)}"


def landline(dice: Dice) -> str:
    """A number in the range kept for drama where there is no area: 01632 960000 to 960999."""
    return f"01632 960{dice.whole(0, 999):03d}"


def mobile(dice: Dice) -> str:
    """A number in the range kept for drama: 07700 900000 to 900999."""
    return f"07700 900{dice.whole(0, 999):03d}"


def postcode(dice: Dice, outward: int) -> str:
    """A postcode of the area ZZ, which is not used."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"ZZ{outward} {dice.whole(1, 9)}{dice.pick(letters)}{dice.pick(letters)}"


def address(dice: Dice, town: str) -> str:
    """A house in an invented street."""
    return f"{dice.whole(1, 180)} {dice.pick(STREETS)} {dice.pick(STREET_KINDS)}, {town}"
