// Names of the fault switches for people. A switch without a name here is shown by its own word.

const named = (ua, ru, en, pl) => ({ ua, ru, en, pl });

export const GROUPS = {
  register: {
    title: named("Каса", "Касса", "Register", "Kasa"),
    names: ["create_client", "clients_find", "get_active", "orders_create", "set_client", "active_user", "event_payload", "extras", "popup", "poster_global", "lang"],
  },
  network: {
    title: named("Мережа", "Сеть", "Network", "Sieć"),
    names: ["sockets", "offline_start", "latency_ms", "result", "answer_key", "proxy_code", "rest_result", "signature", "body_form", "url_header"],
  },
  api: {
    title: named("Web API", "Web API", "Web API", "Web API"),
    names: ["api", "api_latency_ms", "rest_client_delay_ms", "token", "phone_filter", "webhook_data", "upload"],
  },
  connect: {
    title: named("Підключення", "Подключение", "Connecting", "Łączenie"),
    names: ["state_echo", "exchange_error", "exchange_encoding", "code_reuse", "manage_code", "manage_params"],
  },
};

export const FAULTS = {
  create_client: named("Відповідь на створення гостя", "Ответ на создание гостя", "Answer to creating a guest", "Odpowiedź na utworzenie gościa"),
  clients_find: named("Пошук гостя на касі", "Поиск гостя на кассе", "Guest search on the register", "Wyszukiwanie gościa na kasie"),
  get_active: named("Активне замовлення", "Активный заказ", "The active order", "Aktywne zamówienie"),
  orders_create: named("Створення замовлення", "Создание заказа", "Creating an order", "Tworzenie zamówienia"),
  set_client: named("Додавання гостя до чека", "Добавление гостя в чек", "Attaching a guest", "Dodanie gościa do rachunku"),
  active_user: named("Хто увійшов", "Кто вошёл", "Who is logged in", "Kto jest zalogowany"),
  event_payload: named("Дані подій", "Данные событий", "What events carry", "Dane zdarzeń"),
  extras: named("Додаткові поля (extras)", "Дополнительные поля (extras)", "Extras", "Pola dodatkowe (extras)"),
  popup: named("Вікно застосунку", "Окно приложения", "The application's window", "Okno aplikacji"),
  poster_global: named("Де і коли зʼявляється Poster", "Где и когда появляется Poster", "Where and when Poster appears", "Gdzie i kiedy pojawia się Poster"),
  lang: named("Мова каси", "Язык кассы", "Language of the register", "Język kasy"),
  sockets: named("Вебсокети", "Вебсокеты", "WebSockets", "WebSockety"),
  offline_start: named("Інтернету немає", "Интернета нет", "No internet", "Brak internetu"),
  latency_ms: named("Затримка makeRequest", "Задержка makeRequest", "Latency of makeRequest", "Opóźnienie makeRequest"),
  result: named("Вигляд відповіді makeRequest", "Вид ответа makeRequest", "Shape of makeRequest's result", "Postać wyniku makeRequest"),
  answer_key: named("Як зветься код відповіді", "Как зовётся код ответа", "Name of the status key", "Nazwa pola z kodem"),
  proxy_code: named("Код від проксі", "Код от прокси", "Code from the proxy", "Kod z proxy"),
  rest_result: named("Вигляд відповіді makeApiRequest", "Вид ответа makeApiRequest", "Shape of makeApiRequest's result", "Postać wyniku makeApiRequest"),
  signature: named("Підпис запиту", "Подпись запроса", "Request signature", "Podpis żądania"),
  body_form: named("Форма тіла запиту", "Форма тела запроса", "Form of the body", "Postać treści żądania"),
  url_header: named("Вигляд X-Poster-Url", "Вид X-Poster-Url", "Form of X-Poster-Url", "Postać X-Poster-Url"),
  api: named("Стан Web API", "Состояние Web API", "State of the Web API", "Stan Web API"),
  api_latency_ms: named("Затримка Web API", "Задержка Web API", "Latency of the Web API", "Opóźnienie Web API"),
  rest_client_delay_ms: named("Гість з API доходить до каси за", "Гость из API доходит до кассы за", "A guest from the API reaches registers after", "Gość z API dociera na kasę po"),
  token: named("Токен", "Токен", "Token", "Token"),
  phone_filter: named("Пошук за телефоном в API", "Поиск по телефону в API", "Phone filter of the API", "Filtr telefonu w API"),
  webhook_data: named("Поле data у вебхуках", "Поле data в вебхуках", "data of webhooks", "Pole data w webhookach"),
  upload: named("Завантаження бандла", "Загрузка бандла", "Bundle upload", "Wysyłanie bundla"),
  state_echo: named("Повертає state", "Возвращает state", "Echoes state", "Zwraca state"),
  exchange_error: named("Помилка обміну коду", "Ошибка обмена кода", "Error of the code exchange", "Błąd wymiany kodu"),
  exchange_encoding: named("Кодування обміну", "Кодировка обмена", "Encoding of the exchange", "Kodowanie wymiany"),
  code_reuse: named("Повторний код", "Повторный код", "A code used twice", "Ponowny kod"),
  manage_code: named("Де стоїть код у кабінеті", "Где стоит код в кабинете", "Where Manage puts the code", "Gdzie panel wstawia kod"),
  manage_params: named("Параметри кабінету", "Параметры кабинета", "Parameters of Manage", "Parametry panelu"),
};
