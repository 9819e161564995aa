"""Physical constants: value, unit in the name, year and source.

CODATA: Tiesinga et al., Rev. Mod. Phys. 93 (2021) 025010, the 2018 adjustment.
PDG: Tanabashi et al., Phys. Rev. D 98 (2018) 030001, the edition of arXiv:1905.03750.
"""

from __future__ import annotations

from typing import Final

HBAR_C_MEV_FM: Final = 197.3269804
"""ħc, CODATA 2018 (exact)."""

FINE_STRUCTURE: Final = 7.2973525693e-3
"""Fine-structure constant a_EM at zero momentum, CODATA 2018."""

FERMI_CONSTANT_PER_MEV2: Final = 1.1663787e-11
"""G_F/(ħc)³, PDG 2018."""

ELECTRON_MASS_MEV: Final = 0.51099895000
"""CODATA 2018."""

MUON_MASS_MEV: Final = 105.6583745
"""PDG 2018."""

TAU_MASS_MEV: Final = 1776.86
"""PDG 2018."""

CHARGED_PION_MASS_MEV: Final = 139.57061
"""PDG 2018."""

W_MASS_MEV: Final = 80379.0
"""PDG 2018."""

ATOMIC_MASS_UNIT_MEV: Final = 931.49410242
"""CODATA 2018."""

AVOGADRO_PER_MOL: Final = 6.02214076e23
"""SI 2019 (exact)."""

ELEMENTARY_CHARGE_J_PER_EV: Final = 1.602176634e-19
"""SI 2019 (exact)."""

SIN2_THETA_W: Final = 0.23120
"""Weak mixing angle ŝ_Z² (MS-bar at M_Z) as in arXiv:1905.03750, text above Eq. 21."""

HBAR_C_SQUARED_MEV2_CM2: Final = (HBAR_C_MEV_FM * 1e-13) ** 2
"""(ħc)² from the value above: converts MeV⁻² to cm²."""

OSCILLATION_PHASE_RAD_MEV_PER_EV2_M: Final = 1e-12 / (4 * HBAR_C_MEV_FM * 1e-15)
"""Δm² L / 4E in rad for Δm² in eV², L in m, E in MeV: 1/(4ħc), about 1.267."""

SECONDS_PER_DAY: Final = 86400.0
DAYS_PER_YEAR: Final = 365.25
"""Julian year."""
