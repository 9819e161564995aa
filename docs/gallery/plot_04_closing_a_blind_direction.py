r"""
Closing a blind direction
=========================

A reactor emits :math:`\bar\nu_e` alone. Its events are :math:`D\,(|\Lambda|^2 - |\langle a,
\Lambda\rangle|^2)`, and no amount of data constrains the moment along :math:`a`, the first row
of the mixing matrix (Eq. 14 of arXiv:1905.03750). With :math:`\Lambda_3` free, the region of
CONUS in the plane of :math:`\Lambda_1` and :math:`\Lambda_2` is a strip without end. The beam
of the SNS holds :math:`\nu_\mu`, :math:`\bar\nu_\mu` and :math:`\nu_e`: it sees every
direction, here with a weaker limit, and cuts the strip off.
"""

import munu

plane = ("Lambda_1", "Lambda_2")
shown = {
    "CONUS": ["conus"],
    "COHERENT CsI": ["coherent-csi"],
    "both": ["conus", "coherent-csi"],
}
regions = {name: munu.region(ids, plane, profile=["Lambda_3"]) for name, ids in shown.items()}

# %%
# The flag says that a region has no end, and in which direction. The polygon goes far beyond any
# window; the picture clips it.

for name, region in regions.items():
    print(f"{name}: unbounded {region.unbounded}, along {region.unbounded_ranges.tolist()} rad")

# %%
# A point is allowed if some :math:`\Lambda_3` fits.

munu.plot(*regions.values(), label=list(regions))
