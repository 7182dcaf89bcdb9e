"""Generated sign-in names: two calm words and a number, so that nobody has to think of one.

A name that somebody chooses is often one they use elsewhere. The words name no person, no body, no
condition and no place, are spelt alike everywhere, and can be read aloud.
"""

from __future__ import annotations

import re
import secrets

_FIRST = """
    agile airy alert apt basic blended braided breezy brief bright brisk bronze buoyant calm careful
    carved celestial central ceramic cinnamon civic classic clear clever cloudy coastal comic compact
    content cool copper cordial cosmic crimson crisp crunchy cubic curious daily decimal distant dotted
    double downhill early earthy electric eleven emerald endless equal evening fabled feathered festive
    fifth first fitting fleet floating fluent flying foremost formal fresh friendly fruitful gentle
    gleaming glowing golden green handmade hazy helpful hidden hilly humming hushed indigo inland
    inventive ivory keen knitted known later lavender layered leading leafy lime linen literary lively
    local lofty lucid lunar magic magnetic maple marble meandering mellow melodic metric midday mild
    mindful misty modern monthly morning mosaic mossy musical navy nearby neat nimble ninth noted novel
    numbered oaken oblong ocean orange orbital orderly ornate outdoor painted paper pastel patterned
    peaceful peppery placid plaid playful pleasant poetic polar polished polite portable postal purple
    quick quiet quilted radiant rainy rambling rapid recent reflective rhythmic ringing rising roaming
    rolling roomy rugged running rustic scenic seaside seasonal serene seventh shaded shimmering shining
    silent silver simple sixth skilled snowy social solar solid sonic sparkling speedy spirited spotted
    spring starry stately steady stellar striped subtle sunlit swaying sweeping swift tartan teal tenth
    third thorough thoughtful tidy tiled timely topmost tranquil tuneful turquoise twelfth twinkling
    united upbeat upland upper upward urban useful usual varied verdant vibrant vintage vivid vocal
    walking wandering warm watchful waving weekly whispering wicker windswept windy winter wooden worldly
    woven yellow
"""

_SECOND = """
    acorn almanac almond anchor antler apricot arcade archive armchair arrow atlas attic avenue badge
    badger bagel bakery balcony balloon bamboo banner barley barn basket beacon bench biscuit blanket
    blossom boat bonfire bookcase border bottle bracket bramble bread bridge broom bucket button cabin
    cabinet cactus candle canoe canvas canyon caravan cardigan cargo carpet carriage castle cedar chalk
    chapter chart chimney circle citrus clarinet clock cloud clover comet compass concert cottage cotton
    courtyard crayon cricket crocus cupboard curtain cushion cypress delta desert desk diary dolphin
    domino doorway dragonfly drawer drum eagle easel echo elm envelope falcon farm feather fence ferry
    festival fiddle firefly fjord flute fossil fountain fox frame gallery garden garland gate gazebo
    glacier glade globe glove granite grove guitar hammock hamper hedge hedgehog heron hiker hill hillside
    hinge horizon inkwell island jacket jigsaw journal journey jungle kayak kettle keyboard kitchen ladder
    lagoon lake lantern lark lattice lawn lemon letter library lighthouse limestone locket lodge lunch
    lynx magpie mandolin map market meadow meteor mill mirror mitten moon moss mountain mug museum napkin
    nectar nickel notebook nutmeg oak oasis oboe orbit orchard origami osprey otter outpost owl oxbow
    paddock pagoda panda pantry parcel park parsley parsnip pasture path pavement pebble pelican pencil
    pendulum penguin piano picnic pigeon pillow planet plateau plaza pocket polka pond pony poplar porch
    postcard prairie prism puddle puffin pumpkin puzzle pyramid quarry quill quilt rabbit raft rainbow
    raindrop rampart raven reef ribbon ridge roof rooster salad sandal sapling satchel scarf shore shuttle
    signal skylark sledge sleigh sofa sparrow spinach spiral spruce square squirrel stadium star starling
    station stork stream street suitcase sundial sunrise sunset swan table tandem tangerine teapot tent
    terrace thicket thistle ticket timber tortoise tower tractor trail train tram treetop trellis trumpet
    tulip tundra turnip turtle umbrella valley vase veranda viaduct village vineyard violin voyage wagon
    walnut waterfall wheat whistle windmill window woodland workshop yacht yarn zebra zeppelin zinnia
"""

FIRST, SECOND = tuple(_FIRST.split()), tuple(_SECOND.split())
LOWEST, HIGHEST = 10, 99


def draw() -> str:
    """Return one of some seven million names at random, such as ``quiet-lantern-42``."""
    number = LOWEST + secrets.randbelow(HIGHEST - LOWEST + 1)
    return f"{secrets.choice(FIRST)}-{secrets.choice(SECOND)}-{number}"


def normal(typed: str) -> str:
    """Return a typed name as names are kept: lower case, one hyphen between its parts."""
    return re.sub(r"[\s\-_\u2010-\u2015]+", "-", typed.strip()).strip("-").lower()
