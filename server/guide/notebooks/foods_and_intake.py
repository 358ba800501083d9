# %% [markdown]
# # Foods and intake
#
# How much vitamin K usual servings contain, what authorities recommend, and which doses studies gave. You need
# `pip install 'vitk[pandas]'` and a release (`vitk build`).
#
# This is about data, not advice. Whoever takes an anticoagulant such as warfarin speaks with a doctor or pharmacist
# before changing how much vitamin K they eat.

# %% parameters
DATA_DIR = None  # the data folder of your settings

# %%
import kg.api as vitk

release = vitk.open_release(DATA_DIR)
servings = release.frame("foods-by-serving", form="phylloquinone", intake="id:intake-efsa-adults")
servings.attrs["units"]

# %% [markdown]
# ## Servings
#
# Each serving has its size and the amount of vitamin K1 that a food table measured. Where the table gives a range,
# `micrograms` is its lower end and `upTo` its upper end: no middle is made up.

# %%
servings[["servingName", "grams", "micrograms", "upTo", "percentOfIntake", "sourceLabel"]]

# %% [markdown]
# `micrograms` follows from `grams` and the amount per 100 g. Check it before you rely on it:

# %%
computed = servings.grams * servings.microgramsPer100Grams / 100
assert ((servings.micrograms - computed).abs() <= 0.01).all()
vitk.intervals(
    servings.head(12),
    label="servingName",
    value="micrograms",
    low="micrograms",
    high="upTo",
    title="Vitamin K1 in the servings that contain most of it",
    axis="µg of vitamin K1 (phylloquinone) per serving",
    reference=0,
)

# %% [markdown]
# ## What authorities recommend
#
# Reference intakes differ by authority, people, and by what they count: some mean vitamin K1 alone. Values that a later
# one has replaced are marked, and left out here.

# %%
intakes = release.frame("reference-intakes", population="adults")
current = intakes[~intakes.isSuperseded & ~intakes.isPerKilogram]
assert current.perDays.eq(1).all(), "all are amounts per day"
shown = vitk.in_micrograms(current, "minimum", "maximum")
shown[["authorityName", "populationName", "nutrientName", "kindName", "minimum", "maximum", "unitLabel", "year"]]

# %% [markdown]
# ## Doses in studies
#
# Doses are printed in µg and in mg. The library converts them, and refuses other units. A dose that had an effect in a
# study is not a recommendation, and doses of different forms are not comparable by mass. Forms of which at least three
# studies gave daily doses:

# %%
doses = release.frame("doses-in-studies")
daily = vitk.in_micrograms(doses[doses.perDays.eq(1) & doses.isSingleDose.isna()], "minimum", "maximum")
by_form = daily.groupby("substanceName").agg(
    studies=("study", "nunique"), lowest=("minimum", "min"), median=("minimum", "median"), highest=("maximum", "max")
)
by_form = by_form[by_form.studies >= 3].sort_values("studies", ascending=False).reset_index()
by_form.attrs["units"] = dict.fromkeys(("lowest", "median", "highest"), "µg per day")
by_form
