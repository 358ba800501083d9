# %% [markdown]
# # A federated query over two endpoints
#
# Your own data stay in a store of your own, and vitk stays where it is; one query joins them by the IRIs of foods.
# Start both on this machine:
#
# - vitk: `vitk serve`
# - a store of your own: `pip install oxigraph`, then `oxigraph serve --bind 127.0.0.1:7878`
#
# You also need `pip install 'vitk[pandas]'`.

# %% parameters
VITK = "http://127.0.0.1:8000"
DIARY = "http://127.0.0.1:7878"

# %% [markdown]
# ## Your own data
#
# A diary of two made-up entries. The foods have the IRIs of vitk, which `/api/v1/search` and the pages show.

# %%
import urllib.request

from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore

import kg.api as vitk

diary = """
PREFIX my: <http://example.org/diary#>
PREFIX id: <https://w3id.org/vitk/id/>
my:monday my:ate id:natto ; my:grams 40 .
my:tuesday my:ate id:eel ; my:grams 120 .
"""
request = urllib.request.Request(
    DIARY + "/store?default", diary.encode(), {"Content-Type": "text/turtle"}, method="PUT"
)
urllib.request.urlopen(request).close()

# %% [markdown]
# ## One query, two endpoints
#
# The diary is asked, and its store asks vitk for the part in `SERVICE`. Every measurement is a row with the study that
# reports it: the graph knows several for some foods, and adding them up would count a food twice.

# %%
QUERY = """
PREFIX my: <http://example.org/diary#>
PREFIX id: <https://w3id.org/vitk/id/>
PREFIX vitk: <https://w3id.org/vitk/ontology#>
PREFIX graph: <https://w3id.org/vitk/graph/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?foodName ?formName ?grams ?microgramsPer100Grams
  (?grams * ?microgramsPer100Grams / 100 AS ?micrograms) ?studyName WHERE {
  ?entry my:ate ?food ; my:grams ?grams .
  SERVICE <SPARQL> {
    GRAPH graph:composition { ?food vitk:hasMeasurement ?measurement }
    ?measurement vitk:ofAnalyte ?form ;
      vitk:microgramsPer100Grams ?microgramsPer100Grams ;
      vitk:citesStudy ?study .
    ?food rdfs:label ?foodName .
    ?form rdfs:label ?formName .
    ?study rdfs:label ?studyName .
  }
} ORDER BY ?foodName ?formName ?microgramsPer100Grams ?studyName
"""
store = Graph(SPARQLStore(DIARY + "/query", returnFormat="json"))
rows = vitk.frame_of(store.query(QUERY.replace("SPARQL>", VITK + "/sparql>")))
rows.attrs["units"] = {"grams": "g", "microgramsPer100Grams": "µg per 100 g", "micrograms": "µg"}
rows

# %% [markdown]
# A food of the diary that vitk has no measurement of is not among the rows. That is not a zero: compare both lists.

# %%
eaten = vitk.frame_of(store.query("SELECT ?food { ?entry <http://example.org/diary#ate> ?food } ORDER BY ?food"))
NAMES = "SELECT ?food ?name { VALUES ?food { FOODS } ?food rdfs:label ?name }"
foods = " ".join(f"<{food}>" for food in eaten.food)
names = vitk.frame_of(vitk.connect(VITK).graph().query(NAMES.replace("FOODS", foods)))
listed = eaten.merge(names, on="food")
listed.assign(isMeasured=listed.name.isin(rows.foodName))

# %% [markdown]
# ## The other way round
#
# vitk may also be the one that asks. Its operator lists the endpoints that `SERVICE` may call, in full:
# `vitk serve --service-allowlist http://127.0.0.1:7878/query`. Without that, vitk calls nobody.
