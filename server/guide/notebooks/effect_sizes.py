# %% [markdown]
# # Effect sizes and a meta-analysis
#
# From the results of studies in the graph to a pooled estimate, and what such an estimate is worth. You need
# `pip install 'vitk[notebooks]'` and a release (`vitk build`), or a server: then write
# `release = vitk.connect("http://127.0.0.1:8000")`, and all else stays as it is.

# %% parameters
DATA_DIR = None  # the data folder of your settings

# %%
import numpy
import pandas
from statsmodels.stats.meta_analysis import combine_effects

import kg.api as vitk

release = vitk.open_release(DATA_DIR)
results = release.frame("results-for-an-outcome", outcome="coronary heart disease")
ratios = results[results.upperLimit.notna()]
ratios[["studyName", "exposureName", "measureName", "size", "lowerLimit", "upperLimit", "againstArm", "isSecondary"]]

# %% [markdown]
# ## What may be pooled
#
# Rows of one table are not yet estimates of one quantity. Here they are hazard ratios, odds ratios and risk ratios, of
# different exposures, per 10 µg or between the extreme groups, from cohorts and from meta-analyses that pool cohorts.
# Only what answers the same question in the same measure stays: primary results of cohort studies, as hazard ratios, of
# the highest against the lowest intake. A study counts once. A pool is not pooled again with its parts.
#
# A ratio has no unit. Where effects have one, such as a mean difference, `unit` must be the same in all rows as well.

# %%
chosen = ratios[
    ratios.designName.eq("cohort study")
    & ratios.measureName.eq("hazard ratio")
    & ratios.againstArm.eq("lowest intake or level")
    & ratios.exposureName.isin(["phylloquinone", "vitamin K2"])
    & ~ratios.isSecondary.fillna(value=False)
].sort_values(["exposureName", "studyName"])
assert not chosen.duplicated(["exposureName", "study"]).any(), "a study counts once"
assert chosen.unit.isna().all(), "ratios have no unit"
chosen[["exposureName", "studyName", "participants", "size", "lowerLimit", "upperLimit"]]

# %% [markdown]
# ## Pooling
#
# Ratios are pooled as logarithms. The standard error follows from the 95% confidence limits: their distance is
# 2 × 1.96 standard errors. With random effects, the variance between studies (τ², by DerSimonian and Laird) is added to
# that of each study. `statsmodels` estimates τ². Where studies agree better than by chance the estimate is negative; it
# must then be set to 0, which version 0.14 of `statsmodels` does not do: its own line of random effects would put the
# first pair below at a ratio of 3.4. So the weights are written out, and checked: a pool lies between its studies.

# %%
Z = 1.959964


def pooled(rows: pandas.DataFrame) -> pandas.DataFrame:
    effects = numpy.log(rows["size"].to_numpy(float))
    errors = numpy.log(rows.upperLimit.to_numpy(float) / rows.lowerLimit.to_numpy(float)) / (2 * Z)
    with numpy.errstate(invalid="ignore"):
        found = combine_effects(effects, errors**2, method_re="dl")
    estimates = []
    for model, between in (("fixed effect", 0.0), ("random effects", max(0.0, found.tau2))):
        weights = 1 / (errors**2 + between)
        mean, error = (weights * effects).sum() / weights.sum(), weights.sum() ** -0.5
        assert effects.min() <= mean <= effects.max()
        estimates.append([model, *numpy.exp([mean, mean - Z * error, mean + Z * error])])
    table = pandas.DataFrame(estimates, columns=["model", "size", "lowerLimit", "upperLimit"])
    return table.assign(studies=len(rows), iSquared=100 * max(0.0, found.i2))


ours = pandas.concat(
    [pooled(rows).assign(exposureName=name) for name, rows in chosen.groupby("exposureName")], ignore_index=True
)
ours.attrs["units"] = {"size": "hazard ratio", "iSquared": "%"}
ours[["exposureName", "model", "studies", "size", "lowerLimit", "upperLimit", "iSquared"]].round(3)

# %% [markdown]
# ## Beside the published estimate
#
# The graph also has a published meta-analysis of the same question. Look at its cohorts before you add any to them: a
# study that both contain would count twice.

# %%
published = ratios[
    ratios.designName.eq("meta-analysis of cohorts") & ratios.exposureName.isin(["phylloquinone", "vitamin K2"])
]
drawn = pandas.concat(
    [
        chosen.assign(label=chosen.exposureName + ": " + chosen.studyName, isPooled=False),
        ours[ours.model.eq("random effects")].assign(
            label=lambda rows: rows.exposureName + ": pooled here", isPooled=True
        ),
        published.assign(label=published.exposureName + ": " + published.studyName, isPooled=True),
    ]
).sort_values("exposureName", kind="stable")
drawn["label"] = drawn.label.str.replace(" (Rotterdam Study)", "")
vitk.intervals(
    drawn,
    label="label",
    value="size",
    low="lowerLimit",
    high="upperLimit",
    title="Coronary heart disease, highest against lowest intake of vitamin K",
    axis="hazard ratio with 95% confidence interval; below 1: fewer cases with more vitamin K",
    log=True,
    reference=1,
    pooled="isPooled",
)

# %%
compared = ours[ours.model.eq("random effects")].merge(
    published[["exposureName", "studyName", "pooledTrials", "size", "lowerLimit", "upperLimit"]],
    on="exposureName",
    suffixes=("Here", "Published"),
)
compared["isWithinLimits"] = compared.sizeHere.between(compared.lowerLimitPublished, compared.upperLimitPublished)
compared[
    [
        *("exposureName", "sizeHere", "lowerLimitHere", "upperLimitHere"),
        *("studyName", "sizePublished", "lowerLimitPublished", "upperLimitPublished", "pooledTrials", "isWithinLimits"),
    ]
].round(3)

# %% [markdown]
# ## What this does not show
#
# - Two studies are no meta-analysis. I² and the variance between studies can hardly be estimated from two.
# - The groups differ: one cohort compares thirds, the other quarters, of different diets. A pooled ratio between
#   "highest" and "lowest" belongs to no amount of vitamin K.
# - These are associations in people who chose their diets. They do not show that vitamin K prevents anything.
# - The graph holds what was found by its searches; a systematic review has a protocol. Where the graph has one,
#   `release.frame("search-protocols")` lists it.
#
# How the graph itself assesses the proposition, from all evidence on it and not from these rows alone:

# %%
assessed = release.frame("assessment-of-a-proposition", proposition="id:proposition-k2-intake-associated-less-chd")
assessed[
    ["propositionText", "directionName", "certaintyName", "studiesFor", "studiesAgainst", "studiesWithoutDifference"]
]
