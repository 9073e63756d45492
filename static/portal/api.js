// The page of endpoints: Swagger UI on our own schema. It only reads, so nothing but GET can be tried; the session
// is the sign-in, so there is nothing to authorize; and the page has a head of its own.
const nothing = () => () => null;
const place = document.getElementById("swagger-ui");
SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [{ wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing, info: nothing } }],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  supportedSubmitMethods: ["get"],
});
