"""Words by which people mean an entity, though they do not name it: search understands them, pages do not show them."""

from __future__ import annotations

# Entity by word or phrase. A name that the graph may show belongs to the entity, as an alternative label.
LAY_NAMES = {
    "k": "vitamin-k",
    "pregnant": "pregnant-women",
    "pregnancy": "pregnant-women",
    "breastfeeding": "breastfeeding-women",
    "nursing mother": "breastfeeding-women",
    "newborn": "infants",
    "newborn baby": "infants",
    "toddler": "children-1-3-years",
    "elderly": "older-adults",
    "senior": "older-adults",
    "vegan": "plant-food",
    "vegan food": "plant-food",
    "plant based": "plant-food",
    "greens": "leafy-greens",
    "green vegetable": "leafy-greens",
    "low vitamin k": "vitamin-k-deficiency",
    "not enough vitamin k": "vitamin-k-deficiency",
    "lack of vitamin k": "vitamin-k-deficiency",
    "thick blood": "blood-coagulation",
    "thicken blood": "blood-coagulation",
    "blood clotting": "blood-coagulation",
    "blood clot": "thrombosis",
    "plaque": "atherosclerosis",
    "clogged artery": "atherosclerosis",
    "arterial plaque": "atherosclerosis",
    "broken bone": "bone-fracture",
    "weak bone": "bone-fragility",
    "heart attack": "myocardial-infarction",
    "leg cramp": "muscle-cramp",
    "side effect": "adverse-effect",
    "upper limit": "no-upper-level-set",
    "maximum dose": "no-upper-level-set",
}
