//! Runs in this document's own IndexedDB: what is known of each by its id, and its frames in numbered pieces. Frames of
//! different sites have stores of their own, and a browser may deny one.

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::future::Future;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

const NAME: &str = "gopherscope";
const RUNS: &str = "runs";
const CHUNKS: &str = "chunks";

/// The store.
#[derive(Clone)]
pub struct Store(IdbDatabase);

/// What to write at once.
pub struct Write<'a> {
    /// The run's id.
    pub id: &'a str,
    /// What is known of it, as JSON.
    pub run: &'a str,
    /// A piece of its frames, and its number.
    pub chunk: Option<(u32, &'a [u8])>,
    /// Pieces of before go.
    pub anew: bool,
}

impl Store {
    /// Opens it.
    ///
    /// # Errors
    /// In the browser's words, where it denies storage.
    pub async fn open() -> Result<Self, String> {
        let credentialless =
            web_sys::window().and_then(|window| Reflect::get(&window, &"credentialless".into()).ok());
        if credentialless.is_some_and(|it| it.is_truthy()) {
            // There is one, but nobody finds it again.
            return Err("its frame is credentialless, as the page’s Cross-Origin-Embedder-Policy asks".into());
        }
        let factory = web_sys::window().and_then(|window| window.indexed_db().transpose());
        let factory = factory.ok_or("it has no IndexedDB")?.map_err(|error| words(&error))?;
        let request = factory.open_with_u32(NAME, 1).map_err(|error| words(&error))?;
        let opening = request.clone();
        let upgrade = Closure::once_into_js(move || {
            let database = opening.result().ok().and_then(|it| it.dyn_into::<IdbDatabase>().ok());
            // A store that cannot be made is missed by the first transaction.
            let _ = database
                .map(|it| (it.create_object_store(RUNS).is_ok(), it.create_object_store(CHUNKS).is_ok()));
        });
        request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
        let database = done(&request).await?;
        database.dyn_into().map(Self).map_err(|_| "it gave no database".into())
    }

    /// Begins to write, now, and commits without waiting: also of a document that goes away. What comes is the outcome.
    pub fn write(&self, what: &Write<'_>) -> impl Future<Output = Result<(), String>> + use<> {
        let begun = self.begin(what);
        async move { over(&begun.map_err(|error| words(&error))?).await }
    }

    fn begin(&self, what: &Write<'_>) -> Result<IdbTransaction, JsValue> {
        let transaction = self.transaction(IdbTransactionMode::Readwrite)?;
        let chunks = transaction.object_store(CHUNKS)?;
        if what.anew {
            chunks.delete(&pieces(what.id)?)?;
        }
        if let Some((number, bytes)) = what.chunk {
            chunks.put_with_key(&Uint8Array::from(bytes), &piece(what.id, number))?;
        }
        transaction.object_store(RUNS)?.put_with_key(&what.run.into(), &what.id.into())?;
        commit(&transaction);
        Ok(transaction)
    }

    /// What is known of all runs, as JSON.
    ///
    /// # Errors
    /// In the browser's words.
    pub async fn runs(&self) -> Result<Vec<String>, String> {
        let request = self.stored(RUNS).and_then(|runs| runs.get_all()).map_err(|error| words(&error))?;
        let all = Array::from(&done(&request).await?);
        Ok(all.iter().filter_map(|run| run.as_string()).collect())
    }

    /// The pieces of a run, in order.
    ///
    /// # Errors
    /// In the browser's words.
    pub async fn chunks(&self, id: &str) -> Result<Vec<Vec<u8>>, String> {
        let request = self.stored(CHUNKS).and_then(|chunks| chunks.get_all_with_key(&pieces(id)?));
        let all = Array::from(&done(&request.map_err(|error| words(&error))?).await?);
        Ok(all.iter().filter_map(|it| it.dyn_into::<Uint8Array>().ok()).map(|it| it.to_vec()).collect())
    }

    /// Forgets runs.
    ///
    /// # Errors
    /// In the browser's words.
    pub async fn forget(&self, ids: &[String]) -> Result<(), String> {
        let begin = || {
            let transaction = self.transaction(IdbTransactionMode::Readwrite)?;
            for id in ids {
                transaction.object_store(RUNS)?.delete(&id.as_str().into())?;
                transaction.object_store(CHUNKS)?.delete(&pieces(id)?)?;
            }
            commit(&transaction);
            Ok(transaction)
        };
        over(&begin().map_err(|error: JsValue| words(&error))?).await
    }

    fn transaction(&self, mode: IdbTransactionMode) -> Result<IdbTransaction, JsValue> {
        let both = Array::of2(&RUNS.into(), &CHUNKS.into());
        self.0.transaction_with_str_sequence_and_mode(&both, mode)
    }

    fn stored(&self, name: &str) -> Result<IdbObjectStore, JsValue> {
        self.transaction(IdbTransactionMode::Readonly)?.object_store(name)
    }
}

/// Without waiting for its requests, where the browser can; elsewhere it commits when they are done.
fn commit(transaction: &IdbTransaction) {
    let commit =
        Reflect::get(transaction, &"commit".into()).ok().and_then(|it| it.dyn_into::<Function>().ok());
    let _ = commit.map(|commit| commit.call0(transaction));
}

/// Keys are arrays, and an array sorts behind every number.
fn piece(id: &str, number: u32) -> JsValue {
    Array::of2(&id.into(), &number.into()).into()
}

fn pieces(id: &str) -> Result<JsValue, JsValue> {
    let (first, last) = (Array::of1(&id.into()), Array::of2(&id.into(), &Array::new()));
    IdbKeyRange::bound(&first, &last).map(Into::into)
}

/// The result of a request.
async fn done(request: &IdbRequest) -> Result<JsValue, String> {
    let waiting = request.clone();
    let promise = Promise::new(&mut |resolve, reject| {
        waiting.set_onsuccess(Some(&resolve));
        waiting.set_onerror(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(_) => request.result().map_err(|error| words(&error)),
        Err(_) => Err(request.error().ok().flatten().map_or_else(String::new, |error| words(&error))),
    }
}

/// The end of a transaction.
async fn over(transaction: &IdbTransaction) -> Result<(), String> {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(_) => Ok(()),
        Err(_) => Err(transaction.error().map_or_else(|| "it was given up".into(), |error| words(&error))),
    }
}

/// An exception's name, which says more than its message.
fn words(error: &JsValue) -> String {
    let field = |name: &str| Reflect::get(error, &name.into()).ok().and_then(|it| it.as_string());
    field("name").or_else(|| field("message")).unwrap_or_else(|| "it does not say why".into())
}
