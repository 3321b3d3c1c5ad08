/** What people call the APIs that keys are often used for besides the Gemini API. */
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'aiplatform.googleapis.com': 'Vertex AI',
    'customsearch.googleapis.com': 'Custom Search',
    'directions-backend.googleapis.com': 'Directions',
    'distance-matrix-backend.googleapis.com': 'Distance Matrix',
    'elevation-backend.googleapis.com': 'Elevation',
    'fcmregistrations.googleapis.com': 'Firebase Cloud Messaging',
    'firebaseinstallations.googleapis.com': 'Firebase Installations',
    'firebaseremoteconfig.googleapis.com': 'Firebase Remote Config',
    'firestore.googleapis.com': 'Firestore',
    'geocoding-backend.googleapis.com': 'Geocoding',
    'geolocation.googleapis.com': 'Geolocation',
    'identitytoolkit.googleapis.com': 'Identity Toolkit',
    'language.googleapis.com': 'Natural Language',
    'maps-android-backend.googleapis.com': 'Maps',
    'maps-backend.googleapis.com': 'Maps',
    'maps-embed-backend.googleapis.com': 'Maps',
    'maps-ios-backend.googleapis.com': 'Maps',
    'places-backend.googleapis.com': 'Places',
    'places.googleapis.com': 'Places',
    'recaptchaenterprise.googleapis.com': 'reCAPTCHA',
    'roads.googleapis.com': 'Roads',
    'routes.googleapis.com': 'Routes',
    'safebrowsing.googleapis.com': 'Safe Browsing',
    'securetoken.googleapis.com': 'Token Service',
    'speech.googleapis.com': 'Speech-to-Text',
    'static-maps-backend.googleapis.com': 'Maps',
    'street-view-image-backend.googleapis.com': 'Street View',
    'texttospeech.googleapis.com': 'Text-to-Speech',
    'timezone-backend.googleapis.com': 'Time Zone',
    'translate.googleapis.com': 'Translation',
    'vision.googleapis.com': 'Vision',
    'youtube.googleapis.com': 'YouTube',
  }),
)

/** More names than that nobody reads in a sentence. */
const MOST = 5

/** Services as people call them, by their service names where nobody does: `Maps, Places and 3 others`. */
export function namesOf(services: readonly string[]): string {
  const names = [...new Set(services.map((service) => NAMES.get(service) ?? service))]
  const rest = names.length - MOST
  return LIST.format(rest > 1 ? [...names.slice(0, MOST), `${rest} others`] : names)
}

const LIST = new Intl.ListFormat('en-GB')
