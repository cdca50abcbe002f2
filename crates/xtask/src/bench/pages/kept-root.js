// Runs before the agent in pages that show the view: its frame stands in a closed root, out of the page's reach.

{
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init);
    if (this.localName === "gopherscope-overlay") globalThis.overlayRoot = root;
    return root;
  };
}
