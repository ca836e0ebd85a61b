// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/domains.h"

#include <array>

namespace leakfs::sample {
namespace {

using enum Standing;

constexpr auto table = std::to_array<Domain>({
    {"campagne.example", signing},
    {"courriel.example", signing},
    {"webmail.example.com", signing},
    {"poste.example.net", signing},
    {"equipe.example.org", signing},
    {"lettre.example", signing},
    {"presse.example", signing},
    {"conseil-numerique.example", signing},
    {"jeunes-actifs.example.org", signing},
    {"northbridge.example.com", signing},
    {"atelier-graphique.example", signing},
    {"billetterie.example.net", signing},
    {"transport.example", signing},
    {"cabinet-leroy.example", signing},
    {"thinktank.example.org", signing},
    {"openledger.example.com", signing},
    {"imprimerie-moderne.example", signing},
    {"radio-locale.example", signing},
    {"alumni.example.org", signing},
    {"editions-du-port.example", signing},
    {"mairie-bellerive.example", plain},
    {"departement.example", plain},
    {"universite.example.org", plain},
    {"lycee-hugo.example", plain},
    {"cci-littoral.example.org", plain},
    {"syndicat.example.net", plain},
    {"notaires.example", plain},
    {"hotel-du-parc.example", plain},
    {"traiteur-dupin.example", plain},
    {"association-riverains.example.org", plain},
    {"comptable-martel.example", plain},
    {"garage-central.example.net", plain},
    {"theatre-municipal.example", plain},
    {"hopital-sud.example.org", plain},
    {"journal-du-soir.example", plain},
    {"smallpress.example.com", plain},
    {"institute.example.org", plain},
    {"consulting.test", plain},
    {"federation-sport.example.org", plain},
    {"agence-immobiliere.example", plain},
    {"libremail.example.net", unlisted},
    {"bigmail.example.com", unlisted},
    {"reseau-social.example", unlisted},
    {"agenda-partage.example", unlisted},
    {"newsroom.example.com", unlisted},
    {"sondages.example.net", unlisted},
    {"vieux-fai.example.net", weak},
    {"dialup.example.com", weak},
    {"prestataire.example", compromised},
    {"ancien-parti.example.org", revoked},
});

}  // namespace

std::span<const Domain> domains() { return table; }

}  // namespace leakfs::sample
