import type { App } from '../app.ts';
import type { Route } from '../router.ts';
import { assets } from './assets.ts';
import { clients } from './clients.ts';
import { messages, sendMessage } from './communication.ts';
import { dashboard } from './dashboard.ts';
import { submitForm } from './forms.ts';
import { health, metrics, ready } from './health.ts';
import { generateInvoice } from './invoices.ts';
import { processPayment } from './payments.ts';
import { showPhoto } from './photo.ts';
import { listPhotos, uploadPhoto } from './photos.ts';
import { completeTask, listTasks } from './tasks.ts';
import { timeline, updateTimeline } from './timeline.ts';
import { upcomingWeddings } from './weddings.ts';

/** Every route of the API. */
export const routes = (app: App): Route[] => [
  dashboard(app),
  clients(app),
  upcomingWeddings(app),
  listTasks(app),
  timeline(app),
  listPhotos(app),
  messages(app),
  submitForm(app),
  uploadPhoto(app),
  updateTimeline(app),
  sendMessage(app),
  completeTask(app),
  processPayment(app),
  generateInvoice(app),
  showPhoto(app),
  assets(),
  health({ usable: () => app.db.usable, draining: app.draining, circuits: app.circuits }),
  ready({ usable: () => app.db.usable, draining: app.draining }),
  metrics(app.registry, app.scrapes),
];
