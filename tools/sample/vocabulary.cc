// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/sample/vocabulary.h"

#include <array>

namespace leakfs::sample {
namespace {

using Words = std::string_view;

constexpr auto french_topics = std::to_array<Words>({
    "la réunion publique",
    "le budget prévisionnel",
    "la campagne d’affichage",
    "le déplacement",
    "la tournée des régions",
    "l’équipe numérique",
    "le programme santé",
    "la note sur l’éducation",
    "les comités locaux",
    "la levée de fonds",
    "le discours de clôture",
    "la revue de presse",
    "le sondage hebdomadaire",
    "la location de la salle",
    "le recrutement des bénévoles",
    "l’assurance des véhicules",
    "le site internet",
    "la lettre d’information",
    "la traduction anglaise",
    "le calendrier de mai",
    "la sécurité de l’événement",
    "le dossier agricole",
    "la fiscalité locale",
    "le vœu du conseil",
    "l’accord-cadre",
    "la mise à jour du fichier",
    "les notes de frais",
    "le contrat d’impression",
    "la sœur jumelle du projet",
    "le débat télévisé",
});
constexpr auto french_documents = std::to_array<Words>({
    "le compte rendu",
    "le devis",
    "la facture",
    "le tableau récapitulatif",
    "la liste des invités",
    "le projet de tribune",
    "la dernière version",
    "le relevé",
    "la fiche de synthèse",
    "le contrat signé",
    "le plan d’accès",
    "l’ordre du jour",
    "le communiqué",
    "la maquette",
    "l’argumentaire",
    "le bon de commande",
});
constexpr auto french_places = std::to_array<Words>({
    "Bellerive",      "Saint-Aubin",   "Montclair",   "la gare de l’Est",   "Villeneuve",
    "Port-Sainte-Foy", "l’hôtel du Parc", "la mairie",   "Châteauroux-le-Vieux", "l’atelier",
    "la préfecture",  "Lormont",       "Sainte-Colombe", "le siège",         "la salle des fêtes",
});
constexpr auto french_days = std::to_array<Words>({
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dès demain", "la semaine prochaine",
    "le 12", "le 3 février", "fin août", "début décembre",
});
constexpr auto french_greetings = std::to_array<Words>({
    "Bonjour,", "Bonjour à tous,", "Cher $n,", "Chère $n,", "Bonsoir $n,", "Salut $n,",
    "Madame, Monsieur,", "Chers amis,", "Hello,",
});
constexpr auto french_closings = std::to_array<Words>({
    "Bien à vous,", "Cordialement,", "Amitiés,", "À bientôt,", "Bonne journée,", "Merci d’avance !",
    "Très cordialement,", "Bises,", "Sincères salutations,",
});
constexpr auto french_subjects = std::to_array<Words>({
    "Point sur $t", "$d : $t", "Réunion $w à $p", "Urgent : $t", "Relance – $d",
    "Invitation à $p", "Question sur $t", "Validation de $d", "Déjeuner $w ?", "Facture n° $k",
    "Compte rendu de $w", "Merci !", "Projet de note : $t", "Rendez-vous $w à $h", "Proposition de $n",
    "Votre inscription à la lettre", "$n, $t", "Accès à $p", "Notes de frais ($m)", "$t",
});
constexpr auto french_sentences = std::to_array<Words>({
    "Je vous transmets $d concernant $t.",
    "Comme convenu, voici $d pour $w.",
    "Peux-tu relire $d avant $h ?",
    "Nous avons besoin d’une réponse sur $t, $w au plus tard.",
    "Le coût est estimé à $m, hors taxes et hors frais de déplacement.",
    "$n m’a confirmé sa présence à $p.",
    "Il reste $k places dans le train de $h.",
    "J’ai vu $n hier ; elle n’était pas au courant pour $t.",
    "Où en est-on avec $t ?",
    "Je serai à $p $w, joignable à partir de $h.",
    "Attention : $d contient encore des coquilles à la page $k.",
    "D’après $n, $t pourrait être décalé de quelques jours.",
    "Nous étions une trentaine à $p, dont $k élus et plusieurs journalistes.",
    "Pour mémoire, l’enveloppe totale est de $m « tout compris ».",
    "Cela me paraît être une très bonne idée, à condition d’en parler à $n.",
    "Ci-joint $d, relu et corrigé ; dis-moi si ça te convient.",
    "Je n’ai pas réussi à ouvrir $d, peux-tu le renvoyer ?",
    "La sous-préfète a donné son accord pour $t, sous réserve de l’avis des pompiers.",
    "On m’a demandé $k exemplaires supplémentaires pour $p.",
    "Un grand merci à toute l’équipe pour le travail accompli à $p.",
    "Le numéro de dossier est le $k-$k ; à rappeler dans toute correspondance.",
    "Je propose de caler un point téléphonique $w à $h.",
    "En ce qui concerne $t, il faudrait chiffrer les deux hypothèses.",
    "Quelqu’un a-t-il gardé $d de l’an dernier ?",
    "Désolé pour le délai, j’étais bloqué à $p sans réseau…",
    "Le règlement de $m a été effectué ce matin par virement.",
    "Ça a l’air d’avancer : $n s’occupe de $t et moi de $d.",
    "Merci de ne pas diffuser $d avant $w.",
});

constexpr auto english_topics = std::to_array<Words>({
    "the town hall meeting", "the draft budget", "the poster campaign", "the trip", "the regional tour",
    "the digital team", "the health paper", "the education memo", "the local chapters", "the fundraiser",
    "the closing speech", "the press review", "the weekly poll", "the venue booking", "the volunteers",
    "vehicle insurance", "the website", "the newsletter", "the translation", "the May calendar",
    "event security", "the farming brief", "local taxation", "the framework agreement",
});
constexpr auto english_documents = std::to_array<Words>({
    "the minutes", "the quote", "the invoice", "the summary table", "the guest list", "the op-ed draft",
    "the latest version", "the statement", "the fact sheet", "the signed contract", "the floor plan",
    "the agenda", "the press release", "the mock-up", "the purchase order",
});
constexpr auto english_places = std::to_array<Words>({
    "Northbridge", "Harbour Street", "the station", "Millfield", "the head office", "Westcombe",
    "the Park Hotel", "the city hall", "Ashdown", "the workshop",
});
constexpr auto english_days = std::to_array<Words>({
    "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "tomorrow", "next week",
    "by the 12th", "in early March", "at the end of June",
});
constexpr auto english_greetings = std::to_array<Words>({
    "Hi,", "Hi all,", "Dear $n,", "Hello $n,", "Good morning,", "Dear colleagues,", "$n,",
});
constexpr auto english_closings = std::to_array<Words>({
    "Best,", "Kind regards,", "Thanks,", "All the best,", "Cheers,", "Yours sincerely,",
});
constexpr auto english_subjects = std::to_array<Words>({
    "Update on $t", "$d: $t", "Meeting $w at $p", "Urgent: $t", "Reminder: $d", "Invitation to $p",
    "Question about $t", "Approval of $d", "Lunch $w?", "Invoice $k", "Minutes", "Thank you!",
    "Draft note: $t", "Call $w at $h", "Your order no. $k", "Weekly digest no. $k", "$t",
});
constexpr auto english_sentences = std::to_array<Words>({
    "Please find attached $d about $t.",
    "As agreed, here is $d, to be discussed $w.",
    "Could you read $d before $h?",
    "We need an answer on $t $w at the latest.",
    "The cost is estimated at $m, travel not included.",
    "$n confirmed that she will be at $p.",
    "There are $k seats left on the $h train.",
    "Where do we stand with $t?",
    "I will be at $p $w and can be reached after $h.",
    "Careful: $d still has typos on page $k.",
    "According to $n, $t may slip by a few days.",
    "About thirty people came to $p, including $k councillors and several journalists.",
    "For the record, the total envelope is $m.",
    "That sounds like a very good idea, provided that $n agrees.",
    "I could not open $d, can you send it again?",
    "They asked for $k more copies at $p.",
    "Many thanks to the whole team for the work done at $p.",
    "The reference is $k-$k; please quote it in all correspondence.",
    "I suggest a short call $w at $h.",
    "Regarding $t, both options should be costed.",
    "Did anybody keep $d of last year?",
    "Sorry for the delay, I was stuck at $p without a network.",
    "The payment of $m went out this morning.",
    "Please do not circulate $d before it is approved.",
});

constexpr Vocabulary french{french_topics,    french_documents, french_places,   french_days,
                            french_greetings, french_closings,  french_subjects, french_sentences};
constexpr Vocabulary english{english_topics,    english_documents, english_places,
                             english_days,      english_greetings, english_closings,
                             english_subjects,  english_sentences};

}  // namespace

const Vocabulary& vocabulary(Language language) {
  return language == Language::french ? french : english;
}

}  // namespace leakfs::sample
